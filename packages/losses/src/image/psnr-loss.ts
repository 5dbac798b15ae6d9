import { formatShape, log10, norm, ShapeError, sameShape, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";

export interface PsnrOptions {
  /** Greatest value minus least value that images can have: 1, or 255. Default 1. */
  readonly dataRange?: number;
}

/** In decibels, one for each image; equal images have Infinity, with gradient 0. */
function ratioOf(op: string, input: TensorArg, target: TensorArg, { dataRange = 1 }: PsnrOptions): Tensor {
  checkAllPositive(op, { dataRange });
  const [x, y] = realDoubles(input, target);
  if (x.ndim < 2 || !sameShape(x.shape, y.shape)) {
    throw new ShapeError({
      op,
      rule: "input and target must be batches of one shape",
      received: `input ${formatShape(x.shape)}, target ${formatShape(y.shape)}`,
      expected: "[n, ...] both",
    });
  }
  const d = x.sub(y).flatten(1);
  // The norm is scaled: squares of small errors do not underflow.
  const length = norm(d, 1);
  const equal = length.eq(0);
  const count = d.shape[1]!;
  const decibels = log10(where(equal, 1, length))
    .mul(-20)
    .add(20 * Math.log10(dataRange) + 10 * Math.log10(count));
  return where(equal, Number.POSITIVE_INFINITY, decibels);
}

/**
 * Peak signal-to-noise ratio in decibels: `10 log10(dataRange^2 / mean (x - y)^2)`, for each image by itself.
 *
 * Shapes: input and target `[n, ...]`, to a scalar (the mean over images), or `[n]` with `reduction: "none"`. Equal images have Infinity.
 * Differs from kornia, which takes the squares of all images together.
 * @throws ShapeError unless both are batches of one shape; ArgumentError unless dataRange is above 0.
 * @example psnr([[0, 1]], [[0.1, 0.9]]).item() // 19.999998092651367
 */
export const psnr = /* @__PURE__ */ lossFunction(
  "psnr",
  (input: TensorArg, target: TensorArg, options: PsnrOptions): Tensor => ratioOf("psnr", input, target, options),
);

/**
 * Negative `psnr`, a squared error on a logarithmic scale: `10 log10(mean (x - y)^2 / dataRange^2)`.
 *
 * Shapes: input and target `[n, ...]`, to a scalar, or `[n]` with `reduction: "none"`. Equal images have -Infinity with gradient 0. Differs from kornia,
 * which takes the squares of all images together.
 * @throws ShapeError unless both are batches of one shape; ArgumentError unless dataRange is above 0.
 * @example psnrLoss([[0, 1]], [[0.1, 0.9]]).item() // -19.999998092651367
 */
export const psnrLoss = /* @__PURE__ */ lossFunction(
  "psnrLoss",
  (input: TensorArg, target: TensorArg, options: PsnrOptions): Tensor =>
    ratioOf("psnrLoss", input, target, options).neg(),
);

/** `psnrLoss` with its options kept. */
export const PSNRLoss = /* @__PURE__ */ lossClass("PSNRLoss", psnrLoss);
