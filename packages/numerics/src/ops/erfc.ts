import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";

/** `1 - erf(x)`, exact in its tail too. */
export const erfc: UnaryFunction = /* @__PURE__ */ unary({
  name: "erfc",
  kernel: (k) => k.erfc,
  grad: (k) => k.erfcGrad,
  second: (x, _attrs, derivative) => mul(mul(x, -2), derivative(x)),
  onnx: (g, [x]) => g.node("Sub", [g.constant(1, { dtype: x!.dtype }), g.node("Erf", [x!])]),
});
