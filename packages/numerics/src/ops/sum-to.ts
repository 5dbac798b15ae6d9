import { ShapeError } from "../errors.ts";
import { formatShape, type Shape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";
import { sum } from "./sum.ts";

/**
 * The sum of `x` over the dimensions along which `shape` was broadcast to `x.shape`: the gradient of broadcasting.
 * @throws ShapeError if `shape` does not broadcast to `x.shape`.
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.ndim - shape.length;
  const fits = lead >= 0 && shape.every((s, i) => s === x.shape[i + lead] || s === 1);
  if (!fits) {
    throw new ShapeError({
      op: "sumTo",
      rule: "the shape does not broadcast to the tensor's",
      received: `${formatShape(x.shape)} to ${formatShape(shape)}`,
    });
  }
  const dims = x.shape.flatMap((s, i) => (i < lead || shape[i - lead] !== s ? [i] : []));
  // An empty list would mean all dimensions.
  const folded = dims.length === 0 ? x : sum(x, dims);
  return sameShape(folded.shape, shape) ? folded : reshape(folded, shape);
}
