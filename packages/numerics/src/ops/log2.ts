import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** Logarithm to base 2, exact at powers of two. */
export const log2: UnaryFunction = /* @__PURE__ */ unary({
  name: "log2",
  kernel: (k) => k.log2,
  grad: (k) => k.log2Grad,
  second: (x, _attrs, derivative) => mul(square(derivative(x)), -Math.LN2),
  onnx: (g, [x]) => g.node("Mul", [g.node("Log", [x!]), g.constant(Math.LOG2E)]),
});
