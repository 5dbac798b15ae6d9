import { type UnaryFunction, unary } from "../families/unary.ts";
import { add } from "./add.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";

/** `log(1 - e^-x)` for `x >= 0` without cancellation at either end (Mächler 2012); NaN below 0. */
export const log1mexp: UnaryFunction = /* @__PURE__ */ unary({
  name: "log1mexp",
  kernel: (k) => k.log1mexp,
  grad: (k) => k.log1mexpGrad,
  second: (x, _attrs, derivative) => {
    const d = derivative(x);
    return neg(mul(d, add(d, 1)));
  },
  onnx: (g, [x]) => {
    const power = g.node("Exp", [g.node("Neg", [x!])]);
    return g.node("Log", [g.node("Sub", [g.constant(1, { dtype: x!.dtype }), power])]);
  },
});
