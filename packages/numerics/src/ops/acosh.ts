import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/** Inverse hyperbolic cosine, for `x >= 1`; NaN below. */
export const acosh: UnaryFunction = /* @__PURE__ */ unary({
  name: "acosh",
  kernel: (k) => k.acosh,
  grad: (k) => k.acoshGrad,
  second: (x, _attrs, derivative) => neg(mul(x, mul(derivative(x), square(derivative(x))))),
  onnx: "Acosh",
});
