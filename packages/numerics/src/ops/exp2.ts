import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";

/** `2^x`. */
export const exp2: UnaryFunction = /* @__PURE__ */ unary({
  name: "exp2",
  kernel: (k) => k.exp2,
  grad: (k) => k.exp2Grad,
  second: (x, _attrs, derivative) => mul(derivative(x), Math.LN2),
  onnx: (g, [x]) => g.node("Pow", [g.constant(2, { dtype: x!.dtype }), x!]),
});
