import { type UnaryFunction, unary } from "../families/unary.ts";

/** `e^x`, the exact value rounded once in float32. */
export const exp: UnaryFunction = /* @__PURE__ */ unary({
  name: "exp",
  kernel: (k) => k.exp,
  grad: (k) => k.expGrad,
  second: (x) => exp(x),
  onnx: "Exp",
});
