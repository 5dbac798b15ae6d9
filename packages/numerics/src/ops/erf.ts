import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";

/** The error function `2 / sqrt(pi) * integral of e^-t^2 from 0 to x`. */
export const erf: UnaryFunction = /* @__PURE__ */ unary({
  name: "erf",
  kernel: (k) => k.erf,
  grad: (k) => k.erfGrad,
  second: (x, _attrs, derivative) => mul(mul(x, -2), derivative(x)),
  onnx: "Erf",
});
