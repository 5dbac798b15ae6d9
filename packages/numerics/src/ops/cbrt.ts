import { type UnaryFunction, unary } from "../families/unary.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";

/** Cube root, of negative numbers too. */
export const cbrt: UnaryFunction = /* @__PURE__ */ unary({
  name: "cbrt",
  kernel: (k) => k.cbrt,
  grad: (k) => k.cbrtGrad,
  second: (x, _attrs, derivative) => div(mul(derivative(x), -2 / 3), x),
  onnx: (g, [x]) => g.node("Mul", [g.node("Sign", [x!]), g.node("Pow", [g.node("Abs", [x!]), g.constant(1 / 3)])]),
});
