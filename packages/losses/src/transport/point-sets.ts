import { formatShape, ShapeError, sameShape, type Tensor, type TensorArg } from "@tenon/numerics";
import { realDoubles } from "../core/real-doubles.ts";

/** Two sets of rows, or a batch of such pairs. */
export interface PointSets {
  /** `[B, n, d]` */
  readonly x: Tensor;
  /** `[B, m, d]` */
  readonly y: Tensor;
  /** One value a pair, `[B]`, in the shape of the batch: `[]` where there was none. */
  readonly unbatch: (values: Tensor) => Tensor;
}

/**
 * Input `[n, d]` or `[..., n, d]` and target with as many rows as it likes, as float64 with one batch dimension.
 * @param what one row of a set, for messages.
 * @throws ShapeError unless they are sets of one width and batch with a row each.
 */
export function pointSets(op: string, input: TensorArg, target: TensorArg, what: string): PointSets {
  const [x, y] = realDoubles(input, target);
  const [lead, rows, width] = [x.shape.slice(0, -2), x.shape.at(-2), x.shape.at(-1)];
  const fits = x.ndim >= 2 && x.ndim === y.ndim && sameShape(lead, y.shape.slice(0, -2)) && width === y.shape.at(-1);
  if (!fits || rows === 0 || y.shape.at(-2) === 0) {
    throw new ShapeError({
      op,
      rule: fits
        ? `there must be a ${what} in both`
        : `input and target must be ${what}s of one size, in batches of one shape`,
      received: `input ${formatShape(x.shape)}, target ${formatShape(y.shape)}`,
      expected: "[..., n, d] and [..., m, d]",
    });
  }
  const batch = lead.reduce((a, b) => a * b, 1);
  return {
    x: x.reshape([batch, rows!, width!]),
    y: y.reshape([batch, y.shape.at(-2)!, width!]),
    unbatch: (values) => values.reshape(lead),
  };
}
