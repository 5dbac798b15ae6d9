import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { reciprocal } from "./reciprocal.ts";
import { square } from "./square.ts";

/** `1 / sqrt(x)`. */
export const rsqrt: UnaryFunction = /* @__PURE__ */ unary({
  name: "rsqrt",
  kernel: (k) => k.rsqrt,
  grad: (k) => k.rsqrtGrad,
  second: (x) => mul(mul(rsqrt(x), 0.75), square(reciprocal(x))),
  onnx: (g, [x]) => g.node("Reciprocal", [g.node("Sqrt", [x!])]),
});
