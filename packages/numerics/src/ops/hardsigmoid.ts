import { zeros } from "../create.ts";
import { type UnaryFunction, unary } from "../families/unary.ts";

/** `min(max(x + 3, 0), 6) / 6`, a `sigmoid` of straight pieces; the derivative at its corners is 0. */
export const hardsigmoid: UnaryFunction = /* @__PURE__ */ unary({
  name: "hardsigmoid",
  kernel: (k) => k.hardsigmoid,
  grad: (k) => k.hardsigmoidGrad,
  second: (x) => zeros(x.shape, { dtype: x.dtype }),
  onnx: (g, [x]) => g.node("HardSigmoid", [x!], { alpha: 1 / 6, beta: 0.5 }),
});
