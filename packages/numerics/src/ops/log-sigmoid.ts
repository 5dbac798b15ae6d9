import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sigmoid } from "./sigmoid.ts";

/** `log(1 / (1 + e^-x))` as `min(x, 0) - log(1 + e^-|x|)`: finite wherever `x` is. */
export const logSigmoid: UnaryFunction = /* @__PURE__ */ unary({
  name: "logSigmoid",
  kernel: (k) => k.logSigmoid,
  grad: (k) => k.logSigmoidGrad,
  second: (x) => neg(mul(sigmoid(x), sigmoid(neg(x)))),
  onnx: (g, [x]) => g.node("Neg", [g.node("Softplus", [g.node("Neg", [x!])])]),
});
