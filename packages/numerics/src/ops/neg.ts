import type { Tensor, TensorArg } from "../tensor.ts";
import { mul } from "./mul.ts";

/** `-x`. */
export function neg(x: TensorArg): Tensor {
  return mul(x, -1);
}
