import { asTensor } from "../create.ts";
import { floating } from "../families/unary.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { abs } from "./abs.ts";
import { eq } from "./eq.ts";
import { lt } from "./lt.ts";
import { ne } from "./ne.ts";

/** True where `x` is NaN; bool. */
export function isnan(x: TensorArg): Tensor {
  const t = asTensor(x).detach();
  return ne(t, t);
}

/** True where `x` is `inf` or `-inf`; bool. */
export function isinf(x: TensorArg): Tensor {
  return eq(abs(floating(x).detach()), Number.POSITIVE_INFINITY);
}

/** True where `x` is neither infinite nor NaN; bool. */
export function isfinite(x: TensorArg): Tensor {
  return lt(abs(floating(x).detach()), Number.POSITIVE_INFINITY);
}
