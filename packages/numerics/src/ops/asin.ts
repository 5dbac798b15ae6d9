import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** Inverse sine, for `|x| <= 1`; NaN outside. */
export const asin: UnaryFunction = /* @__PURE__ */ unary({
  name: "asin",
  kernel: (k) => k.asin,
  grad: (k) => k.asinGrad,
  second: (x, _attrs, derivative) => mul(x, mul(derivative(x), square(derivative(x)))),
  onnx: "Asin",
});
