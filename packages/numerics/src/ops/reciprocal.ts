import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";

/** `1 / x`. */
export const reciprocal: UnaryFunction = /* @__PURE__ */ unary({
  name: "reciprocal",
  kernel: (k) => k.reciprocal,
  grad: (k) => k.reciprocalGrad,
  second: (x, _attrs, derivative) => mul(mul(derivative(x), -2), reciprocal(x)),
  onnx: "Reciprocal",
});
