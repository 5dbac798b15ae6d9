import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";

/** Tangent. */
export const tan: UnaryFunction = /* @__PURE__ */ unary({
  name: "tan",
  kernel: (k) => k.tan,
  grad: (k) => k.tanGrad,
  second: (x, _attrs, derivative) => mul(mul(tan(x), 2), derivative(x)),
  onnx: "Tan",
});
