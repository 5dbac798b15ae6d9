import { type UnaryFunction, unary } from "../families/unary.ts";

/** `e^x - 1` without cancellation near 0. */
export const expm1: UnaryFunction = /* @__PURE__ */ unary({
  name: "expm1",
  kernel: (k) => k.expm1,
  grad: (k) => k.expm1Grad,
  second: (x, _attrs, derivative) => derivative(x),
  onnx: (g, [x]) => g.node("Sub", [g.node("Exp", [x!]), g.constant(1)]),
});
