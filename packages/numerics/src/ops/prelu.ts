import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { gt } from "./gt.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

/**
 * `x` above 0, `weight * x` below; the derivative at 0 is the weight.
 *
 * Shapes: x `[n, c, ...]` (or any shape with one weight), weight `[1]` or `[c]`; result like x.
 * Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015).
 * @throws ShapeError for another number of weights.
 */
export function prelu(x: TensorArg, weight: TensorArg): Tensor {
  const [t, w] = [asTensor(x), asTensor(weight)];
  const channels = t.ndim > 1 ? t.shape[1] : 1;
  if (w.size !== 1 && (w.ndim !== 1 || w.size !== channels)) {
    throw new ShapeError({
      op: "prelu",
      rule: "one weight for all, or one for each channel",
      received: `x ${formatShape(t.shape)}, weight ${formatShape(w.shape)}`,
      expected: `weight [1] or [${channels}]`,
    });
  }
  const slope = reshape(w, w.size === 1 ? [] : [w.size, ...new Array<number>(t.ndim - 2).fill(1)]);
  return where(gt(t, 0), t, mul(t, slope));
}
