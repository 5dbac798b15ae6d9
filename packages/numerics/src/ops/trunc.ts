import { asTensor } from "../create.ts";
import { step } from "../families/piecewise.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { sub } from "./sub.ts";

/** `x` without its fraction. Its derivative is 0. */
export const trunc = /* @__PURE__ */ step(
  "trunc",
  (k) => k.trunc,
  (g, [x]) => g.node("Mul", [g.node("Sign", [x!]), g.node("Floor", [g.node("Abs", [x!])])]),
);

/** The fraction of `x`, with its sign: `x - trunc(x)`. */
export function frac(x: TensorArg): Tensor {
  const t = asTensor(x);
  return sub(t, trunc(t));
}
