import { type UnaryFunction, unary } from "../families/unary.ts";
import { neg } from "./neg.ts";
import { square } from "./square.ts";

/** `log(1 + x)` without losing small `x`. Below -1 value and derivative are NaN. */
export const log1p: UnaryFunction = /* @__PURE__ */ unary({
  name: "log1p",
  kernel: (k) => k.log1p,
  grad: (k) => k.log1pGrad,
  second: (x, _attrs, derivative) => neg(square(derivative(x))),
  onnx: (g, [x]) => g.node("Log", [g.node("Add", [x!, g.constant(1)])]),
});
