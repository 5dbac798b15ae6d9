import { type UnaryFunction, unary } from "../families/unary.ts";
import { neg } from "./neg.ts";

/** Sine, exact for arguments of any size. */
export const sin: UnaryFunction = /* @__PURE__ */ unary({
  name: "sin",
  kernel: (k) => k.sin,
  grad: (k) => k.sinGrad,
  second: (x) => neg(sin(x)),
  onnx: "Sin",
});
