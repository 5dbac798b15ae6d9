import type { Tensor, TensorArg } from "../tensor.ts";
import { le } from "./le.ts";

/** `a ≥ b`, element by element with broadcasting; bool. False where either is NaN. */
export function ge(a: TensorArg, b: TensorArg): Tensor {
  return le(b, a);
}
