import { type UnaryFunction, unary } from "../families/unary.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/**
 * Natural logarithm: `-inf` at 0. Below 0 value and derivative are NaN.
 * Differs from PyTorch: there the derivative below 0 is `1 / x`.
 */
export const log: UnaryFunction = /* @__PURE__ */ unary({
  name: "log",
  kernel: (k) => k.log,
  grad: (k) => k.logGrad,
  second: (x, _attrs, derivative) => neg(square(derivative(x))),
  onnx: "Log",
});
