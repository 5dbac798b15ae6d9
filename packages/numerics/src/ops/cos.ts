import { type UnaryFunction, unary } from "../families/unary.ts";
import { neg } from "./neg.ts";

/** Cosine, exact for arguments of any size. */
export const cos: UnaryFunction = /* @__PURE__ */ unary({
  name: "cos",
  kernel: (k) => k.cos,
  grad: (k) => k.cosGrad,
  second: (x) => neg(cos(x)),
  onnx: "Cos",
});
