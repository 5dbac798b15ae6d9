import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";

/** Hyperbolic tangent. Its derivative `1 - tanh(x)^2` is computed from `x` without cancellation. */
export const tanh: UnaryFunction = /* @__PURE__ */ unary({
  name: "tanh",
  kernel: (k) => k.tanh,
  grad: (k) => k.tanhGrad,
  second: (x, _attrs, derivative) => mul(mul(tanh(x), derivative(x)), -2),
  onnx: "Tanh",
});
