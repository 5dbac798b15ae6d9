import { type UnaryFunction, unary } from "../families/unary.ts";

/** Hyperbolic cosine. */
export const cosh: UnaryFunction = /* @__PURE__ */ unary({
  name: "cosh",
  kernel: (k) => k.cosh,
  grad: (k) => k.coshGrad,
  second: (x) => cosh(x),
  onnx: "Cosh",
});
