import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/** Inverse hyperbolic sine. */
export const asinh: UnaryFunction = /* @__PURE__ */ unary({
  name: "asinh",
  kernel: (k) => k.asinh,
  grad: (k) => k.asinhGrad,
  second: (x, _attrs, derivative) => neg(mul(x, mul(derivative(x), square(derivative(x))))),
  onnx: "Asinh",
});
