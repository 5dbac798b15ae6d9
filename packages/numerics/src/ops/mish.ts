import { type UnaryFunction, unary } from "../families/unary.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sigmoid } from "./sigmoid.ts";
import { softplus } from "./softplus.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { tanh } from "./tanh.ts";

// With t = tanh(softplus(x)), s = sigmoid(x): (1 - t^2) (2 s + x s (1 - s) - 2 x t s^2)
function second(x: Tensor): Tensor {
  const s = sigmoid(x);
  const t = tanh(softplus(x));
  const inner = sub(mul(s, sigmoid(neg(x))), mul(mul(t, 2), square(s)));
  return mul(sub(1, square(t)), add(mul(s, 2), mul(x, inner)));
}

/** `x tanh(softplus(x))` (https://arxiv.org/abs/1908.08681); 0 at -inf. */
export const mish: UnaryFunction = /* @__PURE__ */ unary({
  name: "mish",
  kernel: (k) => k.mish,
  grad: (k) => k.mishGrad,
  second,
  onnx: (g, [x]) => g.node("Mul", [x!, g.node("Tanh", [g.node("Softplus", [x!])])]),
});
