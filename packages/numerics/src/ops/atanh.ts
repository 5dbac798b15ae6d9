import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** Inverse hyperbolic tangent, for `|x| <= 1`; NaN outside. */
export const atanh: UnaryFunction = /* @__PURE__ */ unary({
  name: "atanh",
  kernel: (k) => k.atanh,
  grad: (k) => k.atanhGrad,
  second: (x, _attrs, derivative) => mul(mul(x, 2), square(derivative(x))),
  onnx: "Atanh",
});
