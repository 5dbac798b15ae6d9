import { isinf, lgamma, log1p, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { softplus } from "../core/softplus.ts";
import { fittingDoubles } from "../probabilistic/parameters.ts";
import { logGammaRatio } from "./log-gamma-ratio.ts";

export interface NegativeBinomialNllOptions {
  /** Whether the input is the logarithm of the mean, else the mean. Default true. */
  readonly logInput?: boolean;
  /** Adds `log t!`, which no parameter changes. Default false. */
  readonly full?: boolean;
}

/**
 * Negative log likelihood of counts t under a negative binomial distribution of mean m and variance `m + dispersion m^2`, up to `log t!`:
 * `lgamma(r) - lgamma(t + r) - t log(m / (m + r)) - r log(r / (m + r))`, r = 1 / dispersion.
 *
 * Shapes: input, target and dispersion alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`. Dispersion 0 is the Poisson
 * loss, and small ones are as exact: the log-gammas' difference is taken without cancellation. Source: Hilbe, "Negative Binomial Regression" (2007). Differs
 * from pytorch-forecasting: the input may be a logarithm (and is, by default), and `log t!` is left out, as in `poissonNllLoss`.
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example negativeBinomialNllLoss([0], [3], [0.5], { full: true }).item() // 2.720472812652588
 */
export const negativeBinomialNllLoss = /* @__PURE__ */ lossFunction(
  "negativeBinomialNllLoss",
  (
    input: TensorArg,
    target: TensorArg,
    dispersion: TensorArg,
    { logInput = true, full = false }: NegativeBinomialNllOptions,
  ): Tensor => {
    const {
      input: x,
      target: t,
      dispersion: d,
    } = fittingDoubles("negativeBinomialNllLoss", { input, target, dispersion });
    const poisson = d.eq(0);
    const alpha = where(poisson, 1, d);
    const r = alpha.pow(-1);
    // log(1 + m / r)
    const spread = logInput ? softplus(x.add(alpha.log())) : log1p(x.mul(alpha));
    // At an infinite mean t log(m / (m + r)) is finite, and lost beside the rest.
    const counted = where(x.eq(Number.POSITIVE_INFINITY), 0, t);
    const growth = where(poisson, logInput ? where(poisson, x, 0).exp() : x, spread.mul(counted.add(r)));
    // No count at a mean of 0: 0 times an infinite logarithm is 0.
    const sure = counted.eq(0).logicalAnd(logInput ? isinf(x) : isinf(x).logicalOr(x.eq(0)));
    const logMean = logInput ? where(sure, 0, x) : where(sure, 1, x).log();
    const losses = growth.sub(where(poisson, 0, logGammaRatio(r, t))).sub(counted.mul(logMean));
    return full ? losses.add(lgamma(t.add(1))) : losses;
  },
);

/** `negativeBinomialNllLoss` with its options kept. */
export const NegativeBinomialNLLLoss = /* @__PURE__ */ lossClass("NegativeBinomialNLLLoss", negativeBinomialNllLoss);
