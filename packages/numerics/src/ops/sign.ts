import { asTensor } from "../create.ts";
import { step } from "../families/piecewise.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const signs = /* @__PURE__ */ step("sign", (k) => k.sign, "Sign");

/** 1, 0 or -1; 0 for NaN; bools as they are. Its derivative is 0. */
export function sign(x: TensorArg): Tensor {
  const t = asTensor(x);
  return t.dtype === "bool" ? t : signs(t);
}
