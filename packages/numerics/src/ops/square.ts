import { asTensor } from "../create.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { mul } from "./mul.ts";

/** `x * x`. Integers stay integers. */
export function square(x: TensorArg): Tensor {
  const t = asTensor(x);
  return mul(t, t);
}
