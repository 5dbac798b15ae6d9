import { onesLike } from "../create.ts";
import { type ElementwiseLossOptions, elementwiseLoss } from "../families/elementwise-loss.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { clamp } from "./clamp.ts";
import { binaryEntropyWithLogits } from "./entropy-losses.ts";
import { eq } from "./eq.ts";
import { gt } from "./gt.ts";
import { logSigmoid } from "./log-sigmoid.ts";
import { log1p } from "./log1p.ts";
import { logicalAnd } from "./logical.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { pow } from "./pow.ts";
import { relu } from "./relu.ts";
import { sigmoid } from "./sigmoid.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

// Losses of logits whose terms are held back by a power of a probability, as `sigmoidFocalError`: one exponential an element, value and gradient in one pass. Their
// compositions serve traces and higher derivatives.

/** `base^exponent`, whose derivative at 0 is 0. */
function power(base: Tensor, exponent: number): Tensor {
  if (exponent === 0) return onesLike(base);
  if (exponent === 1) return base;
  if (exponent >= 2) return exponent === 2 ? square(base) : pow(base, exponent);
  const none = eq(base, 0);
  return where(none, 0, pow(where(none, 1, base), exponent));
}

/** The logits to where a factor has long been constant, so that no derivative of 0 meets an infinite loss. */
function bounded(x: Tensor): Tensor {
  return clamp(x, { min: -700, max: 700 });
}

/** `share softplus(z)`, 0 where the share is 0. */
function part(share: Tensor, z: Tensor): Tensor {
  const none = logicalAnd(eq(share, 0), eq(z, Number.POSITIVE_INFINITY));
  return mul(share, neg(logSigmoid(neg(where(none, 0, z)))));
}

/** `t - sigmoid(x)` */
function missed(x: Tensor, t: Tensor): Tensor {
  return sub(mul(t, sigmoid(neg(x))), mul(sub(1, t), sigmoid(x)));
}

function entropy(x: Tensor, t: Tensor): Tensor {
  return binaryEntropyWithLogits(x, t, { reduction: "none" });
}

const asymmetric = /* @__PURE__ */ elementwiseLoss({
  name: "asymmetricError",
  kernel: (k) => k.lossAsymmetric,
  composition: (x, t, gammaPos, [gammaNeg = 0, clip = 0, still]) => {
    const constant = (factor: Tensor) => (still ? factor.detach() : factor);
    const other = sub(1, t);
    const yes = part(mul(t, constant(power(sigmoid(neg(bounded(x))), gammaPos))), neg(x));
    if (clip === 0) return add(yes, part(mul(other, constant(power(sigmoid(bounded(x)), gammaNeg))), x));
    const above = relu(sub(sigmoid(x), clip));
    return sub(yes, mul(other, mul(log1p(neg(above)), constant(power(above, gammaNeg)))));
  },
});

export interface AsymmetricErrorOptions extends ElementwiseLossOptions {
  /** How much confident positives are held back. Default 1. */
  readonly gammaPos?: number;
  /** How much confident negatives are held back. Default 4. */
  readonly gammaNeg?: number;
  /** Negatives with a probability up to this cost nothing; above, it is taken off. Default 0.05. */
  readonly clip?: number;
  /** Takes the powers as constants in the gradient. Default false. */
  readonly detachFocus?: boolean;
}

/**
 * Asymmetric loss of logits, element by element: `-t (1 - p)^gammaPos log p - (1 - t) m^gammaNeg log(1 - m)`, p the sigmoid and `m = max(p - clip, 0)`. No logarithm
 * has a floor; infinite logits give their limits.
 */
export function asymmetricError(input: TensorArg, target: TensorArg, options: AsymmetricErrorOptions = {}): Tensor {
  const { gammaPos = 1, gammaNeg = 4, clip = 0.05, detachFocus = false } = options;
  return asymmetric(input, target, options, gammaPos, undefined, [gammaNeg, clip, detachFocus ? 1 : 0]);
}

const qualityFocal = /* @__PURE__ */ elementwiseLoss({
  name: "qualityFocalError",
  kernel: (k) => k.lossQualityFocal,
  composition: (x, t, beta) => {
    if (beta === 0) return entropy(x, t);
    const miss = missed(bounded(x), t);
    // The square has no corner at 0.
    return mul(entropy(x, t), beta === 2 ? square(miss) : power(abs(miss), beta));
  },
});

export interface QualityFocalErrorOptions extends ElementwiseLossOptions {
  /** How much elements near their target are held back. Default 2. */
  readonly beta?: number;
}

/** Quality focal loss of logits, element by element: `|t - p|^beta bce(x, t)`, p the sigmoid. */
export function qualityFocalError(input: TensorArg, target: TensorArg, options: QualityFocalErrorOptions = {}): Tensor {
  return qualityFocal(input, target, options, options.beta ?? 2);
}

const varifocal = /* @__PURE__ */ elementwiseLoss({
  name: "varifocalError",
  kernel: (k) => k.lossVarifocal,
  composition: (x, t, gamma, [alpha = 1]) => {
    const held = mul(power(sigmoid(bounded(x)), gamma), alpha);
    return mul(entropy(x, t), where(gt(t, 0), t, held));
  },
});

export interface VarifocalErrorOptions extends ElementwiseLossOptions {
  /** Factor of elements whose target is 0. Default 0.75. */
  readonly alpha?: number;
  /** How much those are held back where they are confident. Default 2. */
  readonly gamma?: number;
}

/** Varifocal loss of logits, element by element: `t bce(x, t)` where t is above 0, `alpha p^gamma bce(x, 0)` where it is 0, p the sigmoid. */
export function varifocalError(input: TensorArg, target: TensorArg, options: VarifocalErrorOptions = {}): Tensor {
  return varifocal(input, target, options, options.gamma ?? 2, undefined, [options.alpha ?? 0.75]);
}

const binaryBrier = /* @__PURE__ */ elementwiseLoss({
  name: "binaryBrierError",
  kernel: (k) => k.lossBinaryBrier,
  composition: (x, t) => square(missed(x, t)),
});

/** Brier score of logits, element by element: `(t - p)^2`, p the sigmoid, without cancellation where p is close to 0 or 1. */
export function binaryBrierError(input: TensorArg, target: TensorArg, options: ElementwiseLossOptions = {}): Tensor {
  return binaryBrier(input, target, options);
}
