import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** Inverse tangent. */
export const atan: UnaryFunction = /* @__PURE__ */ unary({
  name: "atan",
  kernel: (k) => k.atan,
  grad: (k) => k.atanGrad,
  second: (x, _attrs, derivative) => mul(mul(x, -2), square(derivative(x))),
  onnx: "Atan",
});
