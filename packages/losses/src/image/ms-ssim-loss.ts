import { expm1, formatShape, log1p, mean, pad, ShapeError, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { imagePair, meanOfImage, spatialDims } from "./images.ts";
import { type Compared, checkSsimOptions, difference, dissimilarity, type SsimOptions } from "./structure.ts";

export interface MsSsimOptions extends SsimOptions {
  /** Power of each scale, the finest first; their number is the number of scales. Default Wang's five: 0.0448, 0.2856, 0.3001, 0.2363, 0.1333. */
  readonly weights?: readonly number[];
}

const WEIGHTS: readonly number[] = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** Half the size: means of 2 neighbours in each dimension; an odd border is repeated. */
function halved(x: Tensor): Tensor {
  return spatialDims(x).reduce((y, dim) => {
    const size = y.shape[dim]!;
    const even = size % 2 === 0 ? y : pad(y, [...Array(2 * (y.ndim - 1 - dim)).fill(0), 0, 1], { mode: "replicate" });
    return even.unflatten(dim, [Math.ceil(size / 2), 2]).mean(dim + 1);
  }, x);
}

function checkSizes(op: string, x: Tensor, windowSize: number, scales: number): void {
  const least = (windowSize - 1) * 2 ** (scales - 1) + 1;
  if (x.shape.slice(2).every((size) => size >= least)) return;
  throw new ShapeError({
    op,
    rule: "the images are too small for so many scales",
    received: `images of ${formatShape(x.shape.slice(2))}, ${scales} scales, window ${windowSize}`,
    expected: `at least ${least} in every direction`,
    hint: "Pass fewer weights or a smaller windowSize",
  });
}

/** `1 - MS-SSIM` of each image. */
function lossOf(op: string, [x, y]: readonly [Tensor, Tensor], options: MsSsimOptions): Tensor {
  const { weights = WEIGHTS, windowSize = 11 } = options;
  checkSsimOptions(op, options);
  checkAllPositive(op, { "the number of weights": weights.length });
  checkSizes(op, x, windowSize, weights.length);
  let level: Compared = { x, y, d: x.sub(y) };
  const factors = weights.map((_, i) => {
    if (i > 0) level = { x: halved(level.x), y: halved(level.y), d: halved(level.d) };
    const parts = difference(op, level, options);
    return mean(i === weights.length - 1 ? dissimilarity(parts) : parts.structure, spatialDims(x)); // [n, c]
  });
  return mean(complementOfProduct(factors, weights), 1);
}

/** `1 - product of (1 - f)^w`, where a factor below 0 counts as 0: its power does not exist, and its derivative is taken as 0. */
function complementOfProduct(factors: readonly Tensor[], weights: readonly number[]): Tensor {
  const lost = factors.map((f) => f.ge(1)).reduce((a, b) => a.logicalOr(b));
  const logs = factors.map((f, i) => log1p(where(lost, 0, f).neg()).mul(weights[i]!)).reduce((a, b) => a.add(b));
  return where(lost, 1, expm1(logs).neg());
}

/**
 * Structural dissimilarity at several scales: `1 - product over scales of cs_j^w_j`, cs_j the mean of SSIM's second factor at scale j and the whole SSIM at the
 * last, each scale half the size of the one before.
 *
 * Shapes: input and target `[n, c, h, w]` (any number of sizes after the channels), to a scalar, or `[n]` with `reduction: "none"`. Five scales with a window
 * of 11 need sizes above 160. Negative factors count as 0, with gradient 0: their powers would be NaN. Nearly equal images keep the digits of their loss, as
 * in `ssimLoss`. An odd border is repeated before halving, as TensorFlow does; pytorch-msssim puts zeros there. Source: Wang et al., "Multiscale structural
 * similarity for image quality assessment" (2003).
 * @throws ShapeError if the shapes differ or are too small; ArgumentError for a range, window or sigma of 0 or below.
 * @example msSsimLoss(ones([1, 1, 32, 32]), zeros([1, 1, 32, 32]), { weights: [0.5, 0.5] }).item() // 0.9900004863739014
 */
export const msSsimLoss = /* @__PURE__ */ lossFunction(
  "msSsimLoss",
  (input: TensorArg, target: TensorArg, options: MsSsimOptions): Tensor =>
    lossOf("msSsimLoss", imagePair("msSsimLoss", input, target), options),
);

/** `msSsimLoss` with its options kept. */
export const MSSSIMLoss = /* @__PURE__ */ lossClass("MSSSIMLoss", msSsimLoss);

export interface MsSsimL1Options extends MsSsimOptions {
  /** Share of MS-SSIM; the rest is the absolute error's. Default 0.84. */
  readonly alpha?: number;
}

/**
 * Mix of `msSsimLoss` and absolute error for restoring images: `alpha (1 - MS-SSIM) + (1 - alpha) mean |x - y| / dataRange`. The first sees structure, the
 * second keeps colours and brightness.
 *
 * Shapes as `msSsimLoss`. Source: Zhao et al., "Loss Functions for Image Restoration with Neural Networks" (2017), arXiv 1511.08861. Differs from the paper:
 * the absolute error is averaged over all pixels alike, not weighed by a Gaussian.
 * @throws ShapeError if the shapes differ or are too small; ArgumentError for a range, window or sigma of 0 or below.
 * @example msSsimL1Loss(ones([1, 1, 32, 32]), zeros([1, 1, 32, 32]), { weights: [0.5, 0.5] }).item() // 0.9916003942489624
 */
export const msSsimL1Loss = /* @__PURE__ */ lossFunction(
  "msSsimL1Loss",
  (input: TensorArg, target: TensorArg, { alpha = 0.84, ...options }: MsSsimL1Options): Tensor => {
    const [x, y] = imagePair("msSsimL1Loss", input, target);
    const structure = lossOf("msSsimL1Loss", [x, y], options);
    const absolute = meanOfImage(x.sub(y).abs()).div(options.dataRange ?? 1);
    return structure.mul(alpha).add(absolute.mul(1 - alpha));
  },
);

/** `msSsimL1Loss` with its options kept. */
export const MSSSIML1Loss = /* @__PURE__ */ lossClass("MSSSIML1Loss", msSsimL1Loss);
