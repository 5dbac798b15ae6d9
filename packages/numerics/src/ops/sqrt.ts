import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

/** Square root; NaN below 0. The derivative at 0 is `inf`. */
export const sqrt: UnaryFunction = /* @__PURE__ */ unary({
  name: "sqrt",
  kernel: (k) => k.sqrt,
  grad: (k) => k.sqrtGrad,
  second: (x, _attrs, derivative) => mul(mul(derivative(x), square(derivative(x))), -2),
  onnx: "Sqrt",
});
