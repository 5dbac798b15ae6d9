import { conv2d, formatShape, pad, ShapeError, type Tensor, tensor } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";

/** The weights of a Gaussian window along one dimension; their sum is 1. */
export function gaussianWindow(size: number, sigma: number): readonly number[] {
  const raw = Array.from({ length: size }, (_, i) => Math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((w) => w / sum);
}

/** @throws ArgumentError unless the size of a window is a whole number of 1 or more. */
export function checkWindow(op: string, name: string, size: number): void {
  checkOption(op, name, size, "a whole number of 1 or more", Number.isInteger(size) && size >= 1);
}

/** Equal weights; their sum is 1. */
export function boxWindow(size: number): readonly number[] {
  return Array.from({ length: size }, () => 1 / size);
}

// One dimension at a time: the product of the windows, for the sum of their sizes.
function smoothDim(x: Tensor, dim: number, weights: readonly number[]): Tensor {
  const { shape } = x;
  const last = dim === x.ndim - 1;
  const from = last ? dim - 1 : dim;
  const sizes = shape.slice(from);
  const [rows, columns] = last ? [sizes[0]!, sizes[1]!] : [sizes[0]!, sizes.slice(1).reduce((a, b) => a * b, 1)];
  const outer = shape.slice(0, from).reduce((a, b) => a * b, 1);
  const kernel = tensor([...weights], { dtype: x.dtype }).reshape(last ? [1, 1, 1, -1] : [1, 1, -1, 1]);
  const y = conv2d(x.reshape([outer, 1, rows, columns]), kernel);
  return y.reshape(shape.map((size, i) => (i === dim ? size - weights.length + 1 : size)));
}

/**
 * Means of all windows that lie inside, over the dimensions from the third on: `[a, b, d1, ...]` to `[a, b, d1 - size + 1, ...]`.
 * @throws ShapeError if a window does not fit.
 */
export function smooth(op: string, x: Tensor, weights: readonly number[]): Tensor {
  const small = x.shape.slice(2).find((size) => size < weights.length);
  if (small !== undefined) {
    throw new ShapeError({
      op,
      rule: "the images are smaller than the window",
      received: `images of ${formatShape(x.shape.slice(2))}, window ${weights.length}`,
      expected: `at least ${weights.length} in every direction`,
    });
  }
  return x.shape.slice(2).reduce((y, _size, i) => smoothDim(y, i + 2, weights), x);
}

/**
 * Images with mirrored borders, so that windows of this size lie around every pixel.
 * @throws ShapeError where the images have less to mirror.
 */
export function mirrored(op: string, x: Tensor, size: number): Tensor {
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  if (x.shape.slice(2).some((length) => length <= after)) {
    throw new ShapeError({
      op,
      rule: "the images are too small to be mirrored around the window",
      received: `images of ${formatShape(x.shape.slice(2))}, window ${size}`,
      expected: `at least ${after + 1} in every direction`,
    });
  }
  return pad(
    x,
    x.shape.slice(2).flatMap(() => [before, after]),
    { mode: "reflect" },
  );
}
