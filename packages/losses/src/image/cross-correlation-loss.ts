import { mean, norm, stack, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { ratio } from "../core/ratio.ts";
import { imagePair, meanOfImage, spatialDims } from "./images.ts";
import { boxWindow, checkWindow, smooth } from "./windows.ts";

export interface CrossCorrelationOptions {
  /** Size of the windows in which correlations are taken. Default none: one correlation of the whole images. */
  readonly window?: number;
  /** Added to the product of the windows' sums of squares, so that flat windows correlate with nothing. Default 1e-5. */
  readonly eps?: number;
}

/**
 * One minus the normalized cross-correlation of images. Of the whole images: `1 - sum (x - mean x) (y - mean y) / (|x - mean x| |y - mean y|)`, from 0 to 2;
 * with `window` the squared one of every window that lies inside: `1 - mean of s_xy^2 / (s_xx s_yy + eps)`, s the sums of (squared) deviations in a window,
 * from 0 to 1, blind to contrast and its sign.
 *
 * Shapes: input and target `[n, c, h, w]` (any number of sizes after the channels), to a scalar, or `[n]` with `reduction: "none"`. The global form is half
 * the squared distance of unit vectors, so that nearly equal images keep the digits of their loss; flat images correlate with nothing: loss 1, gradient 0.
 * Source: Avants et al., "Symmetric diffeomorphic image registration with cross-correlation" (2008); VoxelMorph, arXiv 1809.05231, takes windows of 9.
 * Differs from MONAI and VoxelMorph: 1 is added, and windows do not reach over the border.
 * @throws ShapeError if the shapes differ or the window does not fit; ArgumentError unless the window is a whole number above 0.
 * @example normalizedCrossCorrelationLoss([[[[0, 1], [2, 3]]]], [[[[3, 2], [1, 0]]]]).item() // 2
 */
export const normalizedCrossCorrelationLoss = /* @__PURE__ */ lossFunction(
  "normalizedCrossCorrelationLoss",
  (input: TensorArg, target: TensorArg, { window, eps = 1e-5 }: CrossCorrelationOptions): Tensor => {
    const [x, y] = imagePair("normalizedCrossCorrelationLoss", input, target);
    if (window === undefined) return ofImages(x.flatten(1), y.flatten(1));
    checkWindow("normalizedCrossCorrelationLoss", "window", window);
    return ofWindows(x, y, window, eps);
  },
);

/** `normalizedCrossCorrelationLoss` with its options kept. */
export const NormalizedCrossCorrelationLoss = /* @__PURE__ */ lossClass(
  "NormalizedCrossCorrelationLoss",
  normalizedCrossCorrelationLoss,
);

/** The rows without their means, in length 1, and which of them are flat. */
function unit(x: Tensor): [Tensor, Tensor] {
  // The first pixel goes first: what is left of a flat image is exactly 0.
  const steps = x.sub(x.narrow(1, 0, Math.min(1, x.shape[1]!)).detach());
  const centred = steps.sub(mean(steps, 1, { keepdim: true }));
  const length = norm(centred, 1, { keepdim: true });
  const flat = length.eq(0);
  return [centred.div(where(flat, 1, length)), flat.squeeze(1)];
}

function ofImages(x: Tensor, y: Tensor): Tensor {
  const [[u, flatX], [v, flatY]] = [unit(x), unit(y)];
  return where(flatX.logicalOr(flatY), 1, u.sub(v).square().sum(1).mul(0.5));
}

function ofWindows(x: Tensor, y: Tensor, window: number, eps: number): Tensor {
  const dims = spatialDims(x);
  // (Co)variances do not change with the offset, but their digits do.
  const [a, b] = [x, y].map((v) => v.sub(mean(v, dims, { keepdim: true }).detach())) as [Tensor, Tensor];
  const fields = stack([a, b, a.square(), b.square(), a.mul(b)], 0).flatten(0, 1);
  const means = smooth("normalizedCrossCorrelationLoss", fields, boxWindow(window)).unflatten(0, [5, x.shape[0]!]);
  const [ma, mb, aa, bb, ab] = [0, 1, 2, 3, 4].map((i) => means.select(0, i)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const covariance = ab.sub(ma.mul(mb));
  const variances = aa.sub(ma.square()).mul(bb.sub(mb.square()));
  // Means instead of sums: eps is divided by the square of the window's size.
  return meanOfImage(ratio(covariance.square(), variances, eps / window ** (2 * dims.length)))
    .neg()
    .add(1);
}
