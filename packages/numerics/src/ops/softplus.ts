import { floating, unaryOp } from "../families/unary.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { gt } from "./gt.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { sigmoid } from "./sigmoid.ts";
import { where } from "./where.ts";

export interface SoftplusOptions {
  /** Sharpness. Default 1. */
  readonly beta?: number;
  /** Above `beta * x` of this, the result is `x` itself. Default 20, which changes no float32 result. */
  readonly threshold?: number;
}

const op = /* @__PURE__ */ unaryOp<Required<SoftplusOptions>>({
  name: "softplus",
  kernel: (k) => k.softplus,
  grad: (k) => k.softplusGrad,
  parameters: ({ beta, threshold }) => [beta, threshold],
  second: (x, { beta, threshold }) => {
    const z = mul(x, beta);
    return where(gt(z, threshold), 0, mul(mul(sigmoid(z), sigmoid(neg(z))), beta));
  },
  onnx: (g, [x], { beta }) => {
    if (beta === 1) return g.node("Softplus", [x!]);
    return g.node("Div", [g.node("Softplus", [g.node("Mul", [x!, g.constant(beta)])]), g.constant(beta)]);
  },
});

/**
 * `log(1 + e^(beta x)) / beta`, a smooth `relu`; no overflow, no loss where it is small.
 * @example softplus(-20).item() // 2.06115369216775e-9
 */
export function softplus(x: TensorArg, options: SoftplusOptions = {}): Tensor {
  return apply(op, [floating(x)], { beta: options.beta ?? 1, threshold: options.threshold ?? 20 });
}
