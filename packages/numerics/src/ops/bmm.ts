import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type MatmulOptions, product } from "./matmul.ts";
import { checkDimensions } from "./mm.ts";

/** The products of two batches of matrices: `[batch, m, k]` and `[batch, k, n]` give `[batch, m, n]`. `matmul` without broadcasting. */
export function bmm(a: TensorArg, b: TensorArg, options: MatmulOptions = {}): Tensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  checkDimensions("bmm", [3, 3], x, y);
  if (x.shape[0] !== y.shape[0]) {
    throw new ShapeError({
      op: "bmm",
      rule: "batch sizes differ",
      received: `${formatShape(x.shape)} and ${formatShape(y.shape)}`,
      hint: "matmul() broadcasts batches",
    });
  }
  return product(x, y, options);
}
