import {
  asTensor,
  formatShape,
  isTracing,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  unsqueeze,
  where,
} from "@tenon/numerics";
import { checkTargets, defineLoss, type ElementwiseLossOptions } from "../core/define-loss.ts";
import { doubles, widened } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import type { Loss } from "../core/loss-function.ts";

const OP = "gaussianNllLoss";

export interface GaussianNLLLossOptions extends ElementwiseLossOptions {
  /** Whether the constant `log(2 pi) / 2` is added. Default false. */
  readonly full?: boolean;
  /** The variance used where the given one is smaller. Default 1e-6. */
  readonly eps?: number;
  /** What the variance's gradient is below eps: that at eps, as PyTorch passes it, or 0, which the constant used there has. Default "pass". */
  readonly belowEps?: "pass" | "zero";
  /** Whether `variance` holds the variance's logarithm: no eps, no division, finite gradients. Default false. */
  readonly logVar?: boolean;
}

const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

const elementwise = /* @__PURE__ */ defineLoss<GaussianNLLLossOptions & { readonly variance: Tensor }>(
  OP,
  (input, target, { variance, full = false, eps = 1e-6, belowEps = "pass", logVar = false }) => {
    const [v] = doubles(variance);
    const d = input.sub(target);
    const losses = logVar
      ? likelihoodOfLogs(d, v)
      : likelihood(d, atLeast(v, variance.dtype === "float32" ? Math.fround(eps) : eps, belowEps));
    return full ? losses.mul(0.5).add(HALF_LOG_TAU) : losses.mul(0.5);
  },
);

function likelihood(d: Tensor, v: Tensor): Tensor {
  return d.mul(d.div(v)).add(v.log());
}

// From here on e^-s is no float64: a target that is met exactly has no error for it to multiply.
const LEAST_LOG = -700;

function likelihoodOfLogs(d: Tensor, s: Tensor): Tensor {
  const far = s.lt(LEAST_LOG);
  const met = d.eq(0).logicalAnd(far);
  // The exponential outweighs s itself, which may be -infinity.
  const missed = far.logicalAnd(met.logicalNot());
  return d.mul(d.mul(where(met, 0, s).neg().exp())).add(where(missed.logicalAnd(s.eq(Number.NEGATIVE_INFINITY)), 0, s));
}

/** The clamp of variances; "pass" lets the gradient through it. */
function atLeast(v: Tensor, eps: number, belowEps: "pass" | "zero"): Tensor {
  const small = v.lt(eps);
  if (belowEps === "zero") return where(small, eps, v);
  if (isTracing()) return where(small, eps, v);
  return v.add(where(small, v.neg().add(eps), 0).detach());
}

/** The variance in a shape that broadcasts to the input's. */
function fitVariance(input: Tensor, variance: Tensor): Tensor {
  const { shape } = variance;
  if (shape.length === 0 || sameShape(shape, input.shape)) return variance;
  const rows = input.shape.slice(0, -1);
  if (sameShape(shape, rows)) return unsqueeze(variance, -1);
  if (sameShape(shape, [...rows, 1])) return variance;
  throw new ShapeError({
    op: OP,
    rule: "there must be one variance for each input, or for each of its rows",
    received: `input ${formatShape(input.shape)}, variance ${formatShape(shape)}`,
    expected: `${formatShape(input.shape)}, ${formatShape([...rows, 1])}, ${formatShape(rows)} or a number`,
  });
}

type Arguments = [input: TensorArg, target: TensorArg, variance: TensorArg];

function prepare([input, target, variance]: Arguments, options: GaussianNLLLossOptions) {
  const x = asTensor(input);
  const v = fitVariance(x, widened(asTensor(variance)));
  if (options.logVar !== true) checkTargets(OP, v, "count", "a variance cannot be negative");
  return [x, target, { ...options, variance: v }] as const;
}

/**
 * Negative log likelihood of a normal distribution with mean `input`: `loss = (log v + (input - target)^2 / v) / 2`, v = max(variance, eps); with `full` plus
 * `log(2 pi) / 2`. With `logVar: true` the third argument is s = log v, and `loss = (s + (input - target)^2 e^-s) / 2`.
 *
 * Shapes: input `[..., D]`; target alike, or stretched to it; variance alike, `[..., 1]`, `[...]` (one for each row) or a number. To a scalar, or the input's
 * shape with `reduction: "none"`.
 * Source: Nix and Weigend, "Estimating the mean and variance of the target probability distribution" (1994).
 * @throws ArgumentError for a negative variance; ShapeError if the shapes do not fit or input and target would stretch each other (`broadcast: true`
 * allows it).
 * Differs from PyTorch: that refusal. The gradient below eps is PyTorch's, the one at eps; `belowEps: "zero"` gives the clamp's own, and `logVar` needs none.
 * @example gaussianNllLoss([1], [3], [4]).item() // 1.1931471824645996
 */
export const gaussianNllLoss: Loss<Arguments, GaussianNLLLossOptions> = /* @__PURE__ */ Object.assign(
  (input: TensorArg, target: TensorArg, variance: TensorArg, options: GaussianNLLLossOptions = {}) =>
    elementwise(...prepare([input, target, variance], options)),
  {
    parts: (input: TensorArg, target: TensorArg, variance: TensorArg, options: GaussianNLLLossOptions = {}) =>
      elementwise.parts(...prepare([input, target, variance], options)),
  },
);

/** `gaussianNllLoss` with its options kept. */
export const GaussianNLLLoss = /* @__PURE__ */ lossClass("GaussianNLLLoss", gaussianNllLoss);
