import { asTensor } from "../create.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { checkDimensions } from "./mm.ts";
import { mul } from "./mul.ts";
import { unsqueeze } from "./squeeze.ts";

/** All products of the elements of two vectors: `[m]` and `[n]` give `[m, n]`. `y[i, j] = a[i] * b[j]` */
export function outer(a: TensorArg, b: TensorArg): Tensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  checkDimensions("outer", [1, 1], x, y);
  return mul(unsqueeze(x, 1), y);
}
