import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** Logarithm to base 10. */
export const log10: UnaryFunction = /* @__PURE__ */ unary({
  name: "log10",
  kernel: (k) => k.log10,
  grad: (k) => k.log10Grad,
  second: (x, _attrs, derivative) => mul(square(derivative(x)), -Math.LN10),
  onnx: (g, [x]) => g.node("Mul", [g.node("Log", [x!]), g.constant(Math.LOG10E)]),
});
