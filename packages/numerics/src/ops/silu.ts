import { type UnaryFunction, unary } from "../families/unary.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sigmoid } from "./sigmoid.ts";
import { sub } from "./sub.ts";
import { tanh } from "./tanh.ts";

/** `x sigmoid(x)`, also called swish; 0 at -inf. */
export const silu: UnaryFunction = /* @__PURE__ */ unary({
  name: "silu",
  kernel: (k) => k.silu,
  grad: (k) => k.siluGrad,
  second: (x) => mul(mul(sigmoid(x), sigmoid(neg(x))), sub(2, mul(x, tanh(mul(x, 0.5))))),
  onnx: (g, [x]) => g.node("Mul", [x!, g.node("Sigmoid", [x!])]),
});
