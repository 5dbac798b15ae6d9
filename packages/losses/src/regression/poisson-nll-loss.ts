import { add, lgamma, log, poissonError, type Tensor, where, xlogy } from "@tenon/numerics";
import { checkTargets, defineLoss } from "../core/define-loss.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";

const OP = "poissonNllLoss";

export interface PoissonNLLLossOptions {
  /** Whether the input is the rate's logarithm. Default true. */
  readonly logInput: boolean;
  /**
   * Whether the term of the target alone, `log(target!)`, is added: true by the logarithm of the gamma function, exact for any target; "stirling" by Stirling's
   * approximation where the target is above 1 and not at all elsewhere, as PyTorch's `full=True`. Default false.
   */
  readonly full: boolean | "stirling";
  /** Added to the rate inside its logarithm, where the input is the rate. Default 1e-8. */
  readonly eps: number;
  /** Whether to look at every value and refuse negative counts, and negative rates where the input is the rate. Default false. */
  readonly checkTarget?: boolean;
}

const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** `log(t!)`. */
function logFactorial(t: Tensor, full: true | "stirling"): Tensor {
  if (full === true) return lgamma(add(t, 1));
  const large = t.gt(1);
  const safe = where(large, t, 1);
  const stirling = xlogy(safe, safe).sub(safe).add(log(safe).mul(0.5)).add(HALF_LOG_TAU);
  return where(large, stirling, 0);
}

function losses(input: Tensor, target: Tensor, { logInput, full, eps }: PoissonNLLLossOptions): Tensor {
  const options = { logInput, eps, reduction: "none" } as const;
  if (full === false) return poissonError(input, target, options);
  const [x, t] = doubles(input, target);
  return poissonError(x, t, options).add(logFactorial(t, full));
}

/**
 * Negative log likelihood of counts under a Poisson distribution: `loss = e^input - target input` of the rate's logarithm, or with `logInput: false`
 * `input - target log(input + eps)` of the rate; with `full` plus `log(target!)`, which makes it the likelihood proper.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. A target of 0 has no second
 * term, whatever its logarithm is; a rate of infinity costs infinity.
 * Unchecked (`checkTarget`), a negative rate gives NaN.
 * Source: Nelder and Wedderburn, "Generalized Linear Models" (1972).
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * Differs from PyTorch: that refusal; `full: true` is exact, where PyTorch is 6 % off at 2 and leaves out the targets from 0 to 1 ("stirling" is its value);
 * 0, and not NaN, for no events at a log-rate of -Infinity; a finite gradient towards a target of 0.
 * @example poissonNllLoss([0], [3], { full: true }).item() // 2.791759490966797
 */
export const poissonNllLoss = /* @__PURE__ */ defineLoss<PoissonNLLLossOptions>(OP, losses, {
  fused: (input, target, options) => (options.full === false ? poissonError(input, target, options) : undefined),
  defaults: { logInput: true, full: false, eps: 1e-8 },
  check: (input, _target, { logInput, checkTarget }) => {
    if (!logInput && checkTarget === true) checkTargets(OP, input, "count", "a rate cannot be negative");
  },
  targets: "count",
  precision: "input",
});

/** `poissonNllLoss` with its options kept. */
export const PoissonNLLLoss = /* @__PURE__ */ lossClass("PoissonNLLLoss", poissonNllLoss);
