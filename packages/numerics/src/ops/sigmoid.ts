import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { tanh } from "./tanh.ts";

/**
 * The logistic function `1 / (1 + e^-x)`.
 * Differs from PyTorch: exact in float32 below -87 too, where PyTorch returns 0, and its derivative is computed from `x`, so that it
 * survives where the value saturates.
 */
export const sigmoid: UnaryFunction = /* @__PURE__ */ unary({
  name: "sigmoid",
  kernel: (k) => k.sigmoid,
  grad: (k) => k.sigmoidGrad,
  second: (x, _attrs, derivative) => neg(mul(derivative(x), tanh(mul(x, 0.5)))),
  onnx: "Sigmoid",
});
