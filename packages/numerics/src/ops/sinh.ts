import { type UnaryFunction, unary } from "../families/unary.ts";

/** Hyperbolic sine. */
export const sinh: UnaryFunction = /* @__PURE__ */ unary({
  name: "sinh",
  kernel: (k) => k.sinh,
  grad: (k) => k.sinhGrad,
  second: (x) => sinh(x),
  onnx: "Sinh",
});
