import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { formatShape, sizeOfShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { product } from "./matmul.ts";
import { mul } from "./mul.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { unsqueeze } from "./squeeze.ts";
import { sum } from "./sum.ts";

/**
 * A form linear in each of two inputs. `y[..., o] = bias[o] + sum over i, j of x1[..., i] * weight[o, i, j] * x2[..., j]`
 *
 * Shapes: x1 `[..., n]`, x2 `[..., m]` with equal leading dimensions, weight `[out, n, m]`, bias `[out]`; result `[..., out]`.
 * @throws ShapeError if sizes do not fit.
 */
export function bilinear(x1: TensorArg, x2: TensorArg, weight: TensorArg, bias?: TensorArg | null): Tensor {
  const [a, b, w] = [asTensor(x1), asTensor(x2), asTensor(weight)];
  const lead = a.shape.slice(0, -1);
  const [out, n, m] = w.shape;
  const fits = w.ndim === 3 && a.ndim > 0 && b.ndim > 0 && a.shape.at(-1) === n && b.shape.at(-1) === m;
  if (!fits || formatShape(lead) !== formatShape(b.shape.slice(0, -1))) {
    throw new ShapeError({
      op: "bilinear",
      rule: "sizes do not fit",
      received: `x1 ${formatShape(a.shape)}, x2 ${formatShape(b.shape)}, weight ${formatShape(w.shape)}`,
      expected: "x1 [..., n], x2 [..., m] and a weight [out, n, m]",
    });
  }
  const rows = sizeOfShape(lead);
  // [rows, n] x [n, out * m], then the sum over m against x2.
  const right = product(reshape(a, [rows, n!]), reshape(permute(w, [1, 0, 2]), [n!, out! * m!]));
  const both = mul(reshape(right, [rows, out!, m!]), unsqueeze(reshape(b, [rows, m!]), 1));
  const y = reshape(sum(both, 2), [...lead, out!]);
  return bias === undefined || bias === null ? y : add(y, bias);
}
