import { erf, expm1, isinf, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { softplus } from "../core/softplus.ts";
import { fittingDoubles } from "./parameters.ts";

const SQRT_PI = Math.sqrt(Math.PI);

/**
 * The score of a distribution with location and scale.
 * @param slope the derivative by the scale at 0, where the score is `|t - input|`.
 * @param formula the score at `z = (t - input) / scale`, in terms of the scale that is not 0 and `d = t - input`.
 */
function crps(name: string, slope: number, formula: (z: Tensor, d: Tensor, scale: Tensor) => Tensor) {
  return lossFunction(name, (input: TensorArg, target: TensorArg, scale: TensorArg, _options: object): Tensor => {
    const parts = fittingDoubles(name, { input, target, scale });
    const d = parts.target.sub(parts.input);
    // A target infinitely far away sees a scale of 0, too.
    const certain = parts.scale.eq(0).logicalOr(isinf(d));
    const [near, s] = [where(certain, 0, d), where(certain, 1, parts.scale)];
    return where(certain, d.abs().add(parts.scale.mul(slope)), formula(near.div(s), near, s));
  });
}

/**
 * Continuous ranked probability score of a normal forecast: `s (z erf(z / sqrt 2) + sqrt(2 / pi) e^(-z^2 / 2) - 1 / sqrt pi)`, z = (t - input) / s, s =
 * scale. It is in the target's unit: the absolute error of a forecast that does not doubt itself (scale 0).
 *
 * Shapes: input (the mean), target and scale alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`.
 * Source: Gneiting et al., "Calibrated Probabilistic Forecasting Using Ensemble Model Output Statistics and Minimum CRPS Estimation" (2005).
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example crpsNormal([0], [1], [1]).item() // 0.6024413704872131
 */
export const crpsNormal = /* @__PURE__ */ crps("crpsNormal", -1 / SQRT_PI, (z, d, s) => {
  // Beyond it erf is 1 and the density 0 in float64.
  const near = z.clamp({ min: -40, max: 40 });
  const density = near
    .square()
    .mul(-0.5)
    .exp()
    .mul(Math.SQRT2 / SQRT_PI);
  return d.mul(erf(near.mul(Math.SQRT1_2))).add(s.mul(density.sub(1 / SQRT_PI)));
});

/** `crpsNormal` with its options kept. */
export const CRPSNormalLoss = /* @__PURE__ */ lossClass("CRPSNormalLoss", crpsNormal);

/**
 * Continuous ranked probability score of a logistic forecast: `s (z - 2 log sigmoid(z) - 1)`, z = (t - input) / s, s = scale.
 *
 * Shapes as `crpsNormal`. Near 0 it is softplus(z) + softplus(-z) - 1, far away |t - input| and the rest, so that nothing cancels at either end, nor in the
 * gradients. Source: Jordan et al., "Evaluating Probabilistic
 * Forecasts with scoringRules" (2019), arXiv 1709.04743.
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example crpsLogistic([0], [1], [1]).item() // 0.6265233755111694
 */
export const crpsLogistic = /* @__PURE__ */ crps("crpsLogistic", -1, (z, d, s) => {
  const far = z.abs().gt(1);
  const near = where(far, 0, z);
  const rest = softplus(z.abs().neg()).mul(2).sub(1);
  return where(far, d.abs().add(rest.mul(s)), softplus(near).add(softplus(near.neg())).sub(1).mul(s));
});

/** `crpsLogistic` with its options kept. */
export const CRPSLogisticLoss = /* @__PURE__ */ lossClass("CRPSLogisticLoss", crpsLogistic);

/**
 * Continuous ranked probability score of a Laplace forecast: `s (|z| + e^-|z| - 3 / 4)`, z = (t - input) / s, s = scale.
 *
 * Shapes as `crpsNormal`. Source: Jordan et al., "Evaluating Probabilistic Forecasts with scoringRules" (2019), arXiv 1709.04743.
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example crpsLaplace([0], [1], [1]).item() // 0.6178794503211975
 */
export const crpsLaplace = /* @__PURE__ */ crps("crpsLaplace", -0.75, (z, d, s) =>
  d.abs().add(z.abs().neg().exp().sub(0.75).mul(s)),
);

/** `crpsLaplace` with its options kept. */
export const CRPSLaplaceLoss = /* @__PURE__ */ lossClass("CRPSLaplaceLoss", crpsLaplace);

/**
 * Continuous ranked probability score of an exponential forecast: `|t| - 2 / rate (1 - e^(-rate max(0, t))) + 1 / (2 rate)`.
 *
 * Shapes: input (the rate) and target alike (or stretched to the greater), to a scalar, or that shape with `reduction: "none"`. An infinite rate is a
 * forecast that is sure of 0: the score is |t|. Source: Jordan et al.,
 * "Evaluating Probabilistic Forecasts with scoringRules" (2019), arXiv 1709.04743.
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example crpsExponential([2], [1]).item() // 0.3853352963924408
 */
export const crpsExponential = /* @__PURE__ */ lossFunction(
  "crpsExponential",
  (input: TensorArg, target: TensorArg, _options: object): Tensor => {
    const { input: rate, target: t } = fittingDoubles("crpsExponential", { input, target });
    const infinite = t.eq(Number.POSITIVE_INFINITY);
    const certain = isinf(rate);
    const r = where(certain, 1, rate);
    const below = where(infinite, -1, expm1(where(infinite, 0, t.relu()).mul(r).neg())); // -P(T < t)
    return t.abs().add(where(certain, 0, below.mul(2).add(0.5).div(r)));
  },
);

/** `crpsExponential` with its options kept. */
export const CRPSExponentialLoss = /* @__PURE__ */ lossClass("CRPSExponentialLoss", crpsExponential);
