import type { Tensor, TensorArg } from "@tenon/numerics";
import { checkOneOf, checkOption, checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import type { Loss } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { allWeights, defineTwoTermLoss, type TwoTermOptions } from "./combined-losses.ts";
import { filtered, gaussianKernel } from "./neighbours.ts";
import { pixelTerms } from "./pixel-terms.ts";
import type { Regions, SegmentationOptions } from "./regions.ts";

const OP = "naclLoss";

export interface NACLLossOptions
  extends Omit<SegmentationOptions, "reduction" | "activation" | "includeBackground">,
    TwoTermOptions {
  /** Factor of the penalty. Default 0.1. */
  readonly alpha?: number;
  /** What the neighbourhood is weighted with: evenly, or by a Gaussian cut off at 4 sigma. Default "mean". */
  readonly kernel?: "mean" | "gaussian";
  /** Width of the even neighbourhood, odd. Default 3. */
  readonly kernelSize?: number;
  /** Width of the Gaussian. Default 1. */
  readonly sigma?: number;
  /** How far logits may be from the neighbourhood: absolute or squared differences. Default "l1". */
  readonly distance?: "l1" | "l2";
  /** Factor of each class in the cross entropy, `[C]`. Default none. */
  readonly weight?: TensorArg;
}

/**
 * Neighbour-aware calibration loss: cross entropy, and a penalty that holds the logits near the share of each class among the true labels around a pixel.
 *
 *     loss = crossEntropy(x, y) + alpha mean(|u - x|),    u_ic = sum of the kernel over the neighbours j of i with y_j = c
 *
 * Shapes: input logits `[N, C, d1, ...]`, target class indices `[N, d1, ...]`; to a scalar. Outside of the image, and where a pixel is ignored, there is no
 * neighbour: the shares add up to less than 1. The penalty is the mean over the pixels that count and all classes.
 * Source: Murugesan et al., "Trust your neighbours: penalty-based constraints for model calibration" (2023), arXiv 2303.06268.
 * @throws ArgumentError for unusable options or `reduction: "none"`; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example naclLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.2269280105829239
 */
export const naclLoss: Loss<[input: TensorArg, target: TensorArg], NACLLossOptions> =
  /* @__PURE__ */ defineTwoTermLoss<NACLLossOptions>(OP, (images, options) => {
    const { alpha = 0.1 } = options;
    return [
      [1, pixelTerms(OP, images, { weights: allWeights(OP, options.weight, images) })],
      [alpha, penalty(images, options)],
    ];
  });

/** `naclLoss` with its options kept. */
export const NACLLoss = /* @__PURE__ */ lossClass("NACLLoss", naclLoss);

function penalty(images: Regions, options: NACLLossOptions): Losses {
  const { kernel = "mean", kernelSize = 3, sigma = 1, distance = "l1" } = options;
  checkOneOf(OP, "kernel", kernel, ["mean", "gaussian"]);
  checkOneOf(OP, "distance", distance, ["l1", "l2"]);
  checkPositive(OP, "sigma", sigma);
  checkOption(
    OP,
    "kernelSize",
    kernelSize,
    "an odd whole number",
    Number.isInteger(kernelSize) && kernelSize % 2 === 1,
  );
  const { logits, kept, shape } = images;
  const weights = kernel === "gaussian" ? gaussianKernel(sigma) : new Array<number>(kernelSize).fill(1 / kernelSize);
  const shares = filtered(images.truth().reshape(shape), weights, 2).reshape(logits.shape);
  const off = shares.sub(logits);
  const each = (distance === "l1" ? off.abs() : off.square()).mean(1);
  if (kept === undefined) return { losses: each };
  const counts: Tensor = kept.any(1);
  return { losses: each.mul(counts.to(each.dtype)), divisor: counts.to(each.dtype).sum() };
}
