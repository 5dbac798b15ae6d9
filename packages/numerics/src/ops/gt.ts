import type { Tensor, TensorArg } from "../tensor.ts";
import { lt } from "./lt.ts";

/** `a > b`, element by element with broadcasting; bool. False where either is NaN. */
export function gt(a: TensorArg, b: TensorArg): Tensor {
  return lt(b, a);
}
