import { isinf, lgamma, type Tensor, type TensorArg, where, xlogy } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { fittingDoubles } from "../probabilistic/parameters.ts";
import { logGammaRatio } from "./log-gamma-ratio.ts";
import { log1pSquare } from "./log1p-square.ts";

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

export interface DensityNllOptions {
  /** Adds the terms that no parameter changes. Default false. */
  readonly full?: boolean;
}

/**
 * Negative log likelihood of positive targets whose logarithm is normal: `log s + (log t - input)^2 / (2 s^2)`, s = scale, and `log t + log(2 pi) / 2`
 * with `full`.
 *
 * Shapes: input (the mean of log t), target and scale alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`.
 * Source: Aitchison and Brown, "The Lognormal Distribution" (1957).
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example logNormalNllLoss([0], [1], [2]).item() // 0.6931471824645996
 */
export const logNormalNllLoss = /* @__PURE__ */ lossFunction(
  "logNormalNllLoss",
  (input: TensorArg, target: TensorArg, scale: TensorArg, { full = false }: DensityNllOptions): Tensor => {
    const { input: x, target: t, scale: s } = fittingDoubles("logNormalNllLoss", { input, target, scale });
    const logTarget = t.log();
    const losses = logTarget.sub(x).div(s).square().mul(0.5).add(s.log());
    return full ? losses.add(logTarget).add(HALF_LOG_2_PI) : losses;
  },
);

/** `logNormalNllLoss` with its options kept. */
export const LogNormalNLLLoss = /* @__PURE__ */ lossClass("LogNormalNLLLoss", logNormalNllLoss);

/**
 * Negative log likelihood of positive targets under a gamma distribution: `lgamma(k) - k log(rate t) + rate t`, k the concentration, and `log t` with `full`.
 *
 * Shapes: input (the concentration), target and rate alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`. The mean is
 * k / rate. For a mean alone, `tweedieLoss` with power 2. Source: the density as in `torch.distributions.Gamma`.
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example gammaNllLoss([1], [2], [0.5], { full: true }).item() // 1.6931471824645996
 */
export const gammaNllLoss = /* @__PURE__ */ lossFunction(
  "gammaNllLoss",
  (input: TensorArg, target: TensorArg, rate: TensorArg, { full = false }: DensityNllOptions): Tensor => {
    const { input: k, target: t, rate: b } = fittingDoubles("gammaNllLoss", { input, target, rate });
    const powers = full ? xlogy(k.sub(1), t) : t.log().mul(k);
    return lgamma(k).sub(b.log().mul(k)).sub(powers).add(b.mul(t));
  },
);

/** `gammaNllLoss` with its options kept. */
export const GammaNLLLoss = /* @__PURE__ */ lossClass("GammaNLLLoss", gammaNllLoss);

/**
 * Negative log likelihood under Student's t distribution, a normal one with heavy tails: `log s + (df + 1) / 2 log(1 + z^2 / df) + lgamma(df / 2) -
 * lgamma((df + 1) / 2) + log(df / 2) / 2`, z = (t - input) / s, s = scale, and `log(2 pi) / 2` with `full`.
 *
 * Shapes: input (the location), target, scale and df (degrees of freedom) alike (or stretched to the greatest), to a scalar, or that shape with `reduction:
 * "none"`. It is the normal loss at df = Infinity, and goes there without cancellation; z^2 does not overflow. Source: the density as in
 * `torch.distributions.StudentT`.
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example studentTNllLoss([0], [1], [1], [1], { full: true }).item() // 1.8378770351409912
 */
export const studentTNllLoss = /* @__PURE__ */ lossFunction(
  "studentTNllLoss",
  (
    input: TensorArg,
    target: TensorArg,
    scale: TensorArg,
    df: TensorArg,
    { full = false }: DensityNllOptions,
  ): Tensor => {
    const parts = fittingDoubles("studentTNllLoss", { input, target, scale, df });
    const z = parts.target.sub(parts.input).div(parts.scale);
    const normal = isinf(parts.df);
    const n = where(normal, 1, parts.df);
    const heavy = log1pSquare(z.div(n.sqrt()))
      .mul(n.add(1))
      .mul(0.5)
      .sub(logGammaRatio(n.mul(0.5), 0.5));
    const losses = where(normal, where(normal, z, 0).square().mul(0.5), heavy).add(parts.scale.log());
    return full ? losses.add(HALF_LOG_2_PI) : losses;
  },
);

/** `studentTNllLoss` with its options kept. */
export const StudentTNLLLoss = /* @__PURE__ */ lossClass("StudentTNLLLoss", studentTNllLoss);
