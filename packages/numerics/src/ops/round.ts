import { step } from "../families/piecewise.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";

const nearest = /* @__PURE__ */ step("round", (k) => k.round, "Round");

/**
 * The nearest whole number; halves go to the even one. Its derivative is 0.
 * @param options.decimals digits after the point to keep; may be negative. Default 0.
 */
export function round(x: TensorArg, { decimals = 0 }: { readonly decimals?: number } = {}): Tensor {
  if (decimals === 0) return nearest(x);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0 ? div(nearest(mul(x, scale)), scale) : mul(nearest(div(x, scale)), scale);
}
