import { asTensor } from "../create.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type MatmulOptions, matmul } from "./matmul.ts";
import { checkDimensions } from "./mm.ts";

/** A matrix times a vector: `[m, k]` and `[k]` give `[m]`. */
export function mv(matrix: TensorArg, vector: TensorArg, options: MatmulOptions = {}): Tensor {
  const [x, y] = [asTensor(matrix), asTensor(vector)];
  checkDimensions("mv", [2, 1], x, y);
  return matmul(x, y, options);
}
