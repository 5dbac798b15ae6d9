import type { Tensor, TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { imagePair, meanOfImage } from "./images.ts";
import { checkSsimOptions, difference, dissimilarity, type SsimOptions } from "./structure.ts";

function lossOf(op: string, input: TensorArg, target: TensorArg, options: SsimOptions): Tensor {
  checkSsimOptions(op, options);
  const [x, y] = imagePair(op, input, target);
  return meanOfImage(dissimilarity(difference(op, { x, y, d: x.sub(y) }, options)));
}

/**
 * Structural similarity of images, 1 for equal ones: `((2 mu_x mu_y + C1) (2 cov_xy + C2)) / ((mu_x^2 + mu_y^2 + C1) (var_x + var_y + C2))`
 * in Gaussian windows, averaged over windows and channels.
 *
 * Shapes: input and target `[n, c, h, w]` (any number of sizes after the channels), to a scalar, or `[n]` with `reduction: "none"`. See `ssimLoss`.
 * Source: Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity" (2004).
 * @throws ShapeError if the shapes differ or the window does not fit; ArgumentError for a range, window or sigma of 0 or below, or an unknown padding.
 * @example ssim(ones([1, 1, 16, 16]), ones([1, 1, 16, 16])).item() // 1
 */
export const ssim = /* @__PURE__ */ lossFunction(
  "ssim",
  (input: TensorArg, target: TensorArg, options: SsimOptions): Tensor =>
    lossOf("ssim", input, target, options).neg().add(1),
);

export interface SsimLossOptions extends SsimOptions {
  /** Halves the loss, so that it goes from 0 to 1 (kornia's). Default false. */
  readonly halve?: boolean;
}

/**
 * Structural dissimilarity of images: `1 - SSIM`, from 0 for equal ones to 2.
 *
 * Shapes: input and target `[n, c, h, w]` (any number of sizes after the channels), to a scalar, or `[n]` with `reduction: "none"`. It is computed from the
 * difference of the images, `1 - SSIM = L + S - L S` with `L = (mu_x - mu_y)^2 / (mu_x^2 + mu_y^2 + C1)` and `S = var(x - y) / (var_x + var_y + C2)`, so that
 * nearly equal images keep the digits of their loss; variances are taken around the image's mean, so that a large offset costs none. Source: Wang et al.,
 * "Image Quality Assessment: From Error Visibility to Structural Similarity" (2004). Differs from kornia: windows inside the image only (`padding: "same"`
 * mirrors the borders), not halved, not clamped; from pytorch-msssim: the data's range is 1 by default.
 * @throws ShapeError if the shapes differ or the window does not fit; ArgumentError for a range, window or sigma of 0 or below, or an unknown padding.
 * @example ssimLoss(ones([1, 1, 16, 16]), zeros([1, 1, 16, 16])).item() // 0.9998999834060669
 */
export const ssimLoss = /* @__PURE__ */ lossFunction(
  "ssimLoss",
  (input: TensorArg, target: TensorArg, options: SsimLossOptions): Tensor => {
    const losses = lossOf("ssimLoss", input, target, options);
    return options.halve === true ? losses.mul(0.5) : losses;
  },
);

/** `ssimLoss` with its options kept. */
export const SSIMLoss = /* @__PURE__ */ lossClass("SSIMLoss", ssimLoss);
