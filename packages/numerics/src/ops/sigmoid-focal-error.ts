import { type ElementwiseLossOptions, elementwiseLoss } from "../families/elementwise-loss.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { eq } from "./eq.ts";
import { logSigmoid } from "./log-sigmoid.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { pow } from "./pow.ts";
import { sigmoid } from "./sigmoid.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

// An alpha below 0 stands for none.
const NONE = -1;

const op = /* @__PURE__ */ elementwiseLoss({
  name: "sigmoidFocalError",
  kernel: (k) => k.lossSigmoidFocal,
  derivative: (x, t, gamma, _positive, [alpha = NONE]) => {
    const [p, q, other] = [sigmoid(x), sigmoid(neg(x)), sub(1, t)];
    const [below, above] = [neg(logSigmoid(x)), neg(logSigmoid(neg(x)))];
    const entropy = add(mul(t, below), mul(other, above));
    const m = add(mul(t, q), mul(other, p));
    const none = eq(m, 0);
    const lower = where(none, 0, pow(where(none, 1, m), gamma - 1));
    const held = gamma === 0 ? 0 : mul(mul(lower, gamma), entropy);
    const power = gamma === 0 ? 1 : mul(lower, m);
    const balance = (v: Tensor) => (alpha < 0 ? v : mul(v, add(mul(t, 2 * alpha - 1), 1 - alpha)));
    const tilt = (v: Tensor) => (alpha < 0 ? v : add(v, mul(mul(power, entropy), 2 * alpha - 1)));
    return {
      input: () => {
        const slope = sub(mul(other, p), mul(t, q));
        return balance(add(mul(mul(held, sub(other, t)), mul(p, q)), mul(power, slope)));
      },
      target: () => tilt(balance(add(mul(held, sub(q, p)), mul(power, sub(below, above))))),
    };
  },
  onnx: (g, [x, t], { parameter: gamma, more: [alpha = NONE] = [] }) => {
    const one = g.constant(1);
    const other = g.node("Sub", [one, t!]);
    const minus = g.node("Neg", [x!]);
    const mix = (opType: string) =>
      g.node("Add", [g.node("Mul", [t!, g.node(opType, [minus])]), g.node("Mul", [other, g.node(opType, [x!])])]);
    const losses = g.node("Mul", [mix("Softplus"), g.node("Pow", [mix("Sigmoid"), g.constant(gamma)])]);
    return alpha < 0 ? losses : g.node("Mul", [losses, balance(g, t!, other, alpha)]);
  },
});

function balance(g: OnnxBuilder, t: OnnxValue, other: OnnxValue, alpha: number): OnnxValue {
  return g.node("Add", [g.node("Mul", [t, g.constant(alpha)]), g.node("Mul", [other, g.constant(1 - alpha)])]);
}

export interface SigmoidFocalErrorOptions extends ElementwiseLossOptions {
  /** Factor of targets of 1; those of 0 have 1 - alpha. null, the default, balances nothing. */
  readonly alpha?: number | null;
  /** How much confident elements are held back, 0 or more. Default 2. */
  readonly gamma?: number;
}

/**
 * Focal loss of logits, element by element: `alpha_t m^gamma bce(x, t)`, with m = `t sigmoid(-x) + (1 - t) sigmoid(x)`, the share of the wrong answer, and
 * `alpha_t = alpha t + (1 - alpha) (1 - t)`. One exponential an element (and a power unless gamma is 0, 1, 2 or 3); value and gradient in one pass, exact to a rounding at
 * any logit.
 */
export function sigmoidFocalError(input: TensorArg, target: TensorArg, options: SigmoidFocalErrorOptions = {}): Tensor {
  const { alpha = null, gamma = 2 } = options;
  return op(input, target, options, gamma, undefined, [alpha ?? NONE]);
}
