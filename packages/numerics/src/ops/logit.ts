import { type UnaryFunction, unary } from "../families/unary.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { clamp } from "./clamp.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";

const exact: UnaryFunction = /* @__PURE__ */ unary({
  name: "logit",
  kernel: (k) => k.logit,
  grad: (k) => k.logitGrad,
  second: (x, _attrs, derivative) => mul(square(derivative(x)), sub(mul(x, 2), 1)),
  onnx: (g, [x]) => {
    const rest = g.node("Sub", [g.constant(1, { dtype: x!.dtype }), x!]);
    return g.node("Log", [g.node("Div", [x!, rest])]);
  },
});

/**
 * `log(x / (1 - x))`, the inverse of `sigmoid`; NaN outside `[0, 1]`.
 * @param options.eps clamps `x` to `[eps, 1 - eps]` first. Default: not.
 */
export function logit(x: TensorArg, options: { readonly eps?: number } = {}): Tensor {
  const { eps } = options;
  return exact(eps === undefined ? x : clamp(x, { min: eps, max: 1 - eps }));
}
