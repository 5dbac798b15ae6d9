import { type UnaryFunction, unary } from "../families/unary.ts";

/** `e^x - 1` without cancellation near 0. */
export const expm1: UnaryFunction = /* @__PURE__ */ unary({
  name: "expm1",
  kernel: (k) => k.expm1,
  grad: (k) => k.expm1Grad,
  second: (x, _attrs, derivative) => derivative(x),
  // tanh(x / 2) (exp(x) + 1), which keeps small x as exp(x) - 1 does not.
  onnx: (g, [x]) => {
    const half = g.node("Tanh", [g.node("Mul", [x!, g.constant(0.5)])]);
    return g.node("Mul", [half, g.node("Add", [g.node("Exp", [x!]), g.constant(1)])]);
  },
});
