import { cdist, formatShape, ones, ShapeError, sameShape, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOneOf, checkOption, checkPositive } from "../core/check-option.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { type PointSets, pointSets } from "./point-sets.ts";
import { sinkhornTransport } from "./sinkhorn-transport.ts";
import { squaredDistances } from "./squared-distances.ts";

const OP = "sinkhornDivergence";

export interface SinkhornDivergenceOptions {
  /** What it costs to move a point by d: 2 for `d^2 / 2`, 1 for `d`. Default 2. */
  readonly p?: 1 | 2;
  /** The distance below which the regularisation does not look: eps is `blur^p`. Default 0.05. */
  readonly blur?: number;
  /** Subtracts half the cost of each set to itself. Default true; without it the entropic cost itself. */
  readonly debias?: boolean;
  /** How much each point of the input weighs, `[..., n]`; scaled to sum to 1. Default all the same. */
  readonly inputWeight?: TensorArg;
  /** The same for the target, `[..., m]`. */
  readonly targetWeight?: TensorArg;
  /** The iterations end when the potentials move by less than this times eps. Default 1e-12. */
  readonly tolerance?: number;
  /** They end after so many in any case: what large sets with a small blur take. Default 100. */
  readonly maxIterations?: number;
}

/**
 * Sinkhorn divergence of two sets of points, an optimal transport distance smoothed at the scale `blur`:
 *
 *     loss = T(x, y) - (T(x, x) + T(y, y)) / 2,    T(x, y) = min over plans P of sum of P_ij C_ij + eps KL(P | a b),   eps = blur^p
 *
 * Shapes: input `[n, D]` or `[..., n, D]`, target `[m, D]` or `[..., m, D]`; to a scalar, or `[]`, `[...]` with `reduction: "none"`. 0 for equal sets, above 0 for others;
 * between the transport distance (small blur) and a maximum mean discrepancy (large blur).
 *
 * Sinkhorn's iterations run with logarithms in float64 and are finished by Newton's method, so that small blurs converge, too. The gradient is the plan's, by the
 * envelope theorem, not that of the iterations; second derivatives are exact; third ones are not there. Should `maxIterations` not be enough, the value
 * is a lower bound of T whose error is of second order in that of the potentials. Memory and time grow with n m.
 * Source: Feydy et al., "Interpolating between Optimal Transport and MMD using Sinkhorn Divergences" (2019), arXiv 1810.08278; defaults as
 * geomloss. Brauer et al., "A Sinkhorn-Newton method for entropic optimal transport" (2017), arXiv 1710.06635.
 * @throws ShapeError unless both are sets of vectors of one size with their weights; ArgumentError for p, blur, tolerance or maxIterations out of range.
 * @example sinkhornDivergence([[0, 0], [1, 0]], [[0, 2], [1, 2]]).item() // 2
 */
export const sinkhornDivergence = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: SinkhornDivergenceOptions): Tensor => {
    const { p = 2, blur = 0.05, debias = true, tolerance = 1e-12, maxIterations = 100 } = options;
    checkOneOf(OP, "p", String(p), ["1", "2"]);
    checkPositive(OP, "blur", blur);
    checkPositive(OP, "tolerance", tolerance);
    checkOption(
      OP,
      "maxIterations",
      maxIterations,
      "a whole number from 1 on",
      maxIterations >= 1 && maxIterations % 1 === 0,
    );
    const sets = pointSets(OP, input, target, "point");
    const { x, y, unbatch } = sets;
    const a = weightOf(sets, "inputWeight", options.inputWeight, x);
    const b = weightOf(sets, "targetWeight", options.targetWeight, y);
    const attrs = { eps: blur ** p, tolerance, maxIterations };
    const cost = (u: Tensor, v: Tensor) => (p === 1 ? cdist(u, v) : squaredDistances(u, v).mul(0.5));
    const across = sinkhornTransport(cost(x, y), a, b, attrs);
    if (!debias) return unbatch(across);
    const within = sinkhornTransport(cost(x, x), a, a, attrs).add(sinkhornTransport(cost(y, y), b, b, attrs));
    return unbatch(across.sub(within.mul(0.5)));
  },
);

/** `sinkhornDivergence` with its options kept. */
export const SinkhornDivergenceLoss = /* @__PURE__ */ lossClass("SinkhornDivergenceLoss", sinkhornDivergence);

/** Weights that sum to 1, `[B, n]`. */
function weightOf({ unbatch }: PointSets, name: string, weight: TensorArg | undefined, x: Tensor): Tensor {
  const [batch, points] = x.shape as [number, number, number];
  if (weight === undefined) return ones([batch, points], { dtype: x.dtype }).div(points);
  const [w] = doubles(weight);
  const expected = [...unbatch(x.detach().select(2, 0).select(1, 0)).shape, points];
  if (!sameShape(w.shape, expected)) {
    throw new ShapeError({
      op: OP,
      rule: `${name} must be one for each point`,
      received: formatShape(w.shape),
      expected: formatShape(expected),
    });
  }
  return w.div(w.sum(-1, { keepdim: true })).reshape([batch, points]);
}
