import { type UnaryFunction, unary } from "../families/unary.ts";
import { abs } from "./abs.ts";
import { div } from "./div.ts";
import { le } from "./le.ts";
import { to } from "./to.ts";

/** `x min(max(x + 3, 0), 6) / 6`, a `silu` of simple pieces (https://arxiv.org/abs/1905.02244); 0 at -inf. */
export const hardswish: UnaryFunction = /* @__PURE__ */ unary({
  name: "hardswish",
  kernel: (k) => k.hardswish,
  grad: (k) => k.hardswishGrad,
  second: (x) => div(to(le(abs(x), 3), x.dtype), 3),
  onnx: "HardSwish",
});
