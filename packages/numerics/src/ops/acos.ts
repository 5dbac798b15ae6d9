import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** Inverse cosine, for `|x| <= 1`; NaN outside. */
export const acos: UnaryFunction = /* @__PURE__ */ unary({
  name: "acos",
  kernel: (k) => k.acos,
  grad: (k) => k.acosGrad,
  second: (x, _attrs, derivative) => mul(x, mul(derivative(x), square(derivative(x)))),
  onnx: "Acos",
});
