import type { Tensor, TensorArg } from "@tenon/numerics";
import { expRemainder } from "../alignment/exp-remainder.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { fittingDoubles } from "./parameters.ts";

export interface GaussianKlOptions {
  /** The dimensions of one vector, whose divergences are added before the reduction. Default none: every element is one of its own. */
  readonly dim?: number | readonly number[];
}

// (e^d - 1 - d + (difference of the means / the other's deviation)^2) / 2, d = the difference of the logarithms of the variances.
function divergence(d: Tensor, distance: Tensor, { dim }: GaussianKlOptions): Tensor {
  const each = expRemainder(d, Number.POSITIVE_INFINITY).add(distance.square()).mul(0.5);
  return dim === undefined ? each : each.sum(typeof dim === "number" ? dim : [...dim]);
}

/**
 * Kullback-Leibler divergence of a normal distribution to the standard normal, from its mean m and s = log variance: `(e^s - 1 - s + m^2) / 2`, the regulariser of
 * variational autoencoders.
 *
 * Shapes: mean and logVar alike (or one stretched to the other's), to a scalar, or that shape with `reduction: "none"`. The usual form of an autoencoder, the sum over the
 * latent dimensions and the mean over the batch, is `{ dim: -1 }`. Near s = 0, where `e^s - 1 - s` cancels, it keeps its digits.
 * Source: Kingma and Welling, "Auto-Encoding Variational Bayes" (2013), arXiv 1312.6114.
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example standardNormalKlDivergence([[1, 2]], [[0, 0]], { dim: -1 }).item() // 2.5
 */
export const standardNormalKlDivergence = /* @__PURE__ */ lossFunction(
  "standardNormalKlDivergence",
  (mean: TensorArg, logVar: TensorArg, options: GaussianKlOptions): Tensor => {
    const own = fittingDoubles("standardNormalKlDivergence", { mean, logVar });
    return divergence(own.logVar, own.mean, options);
  },
);

/** `standardNormalKlDivergence` with its options kept. */
export const StandardNormalKLDivergenceLoss = /* @__PURE__ */ lossClass(
  "StandardNormalKLDivergenceLoss",
  standardNormalKlDivergence,
);

/**
 * Kullback-Leibler divergence KL(p || q) of normal distributions, from the means and the logarithms s of the variances of p and q:
 *
 *     loss = (e^d - 1 - d + (m_p - m_q)^2 / e^s_q) / 2,    d = s_p - s_q
 *
 * Shapes: all alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`; `dim` for vectors, whose divergences are added first. Near
 * d = 0, where `e^d - 1 - d` cancels, it keeps its digits. Source: Kullback and Leibler, "On Information and Sufficiency" (1951).
 * @throws ShapeError if the shapes do not fit or would stretch each other.
 * @example gaussianKlDivergence([1], [0], [3], [0]).item() // 2
 */
export const gaussianKlDivergence = /* @__PURE__ */ lossFunction(
  "gaussianKlDivergence",
  (
    mean: TensorArg,
    logVar: TensorArg,
    otherMean: TensorArg,
    otherLogVar: TensorArg,
    options: GaussianKlOptions,
  ): Tensor => {
    const own = fittingDoubles("gaussianKlDivergence", { mean, logVar, otherMean, otherLogVar });
    const distance = own.mean.sub(own.otherMean).mul(own.otherLogVar.mul(-0.5).exp());
    return divergence(own.logVar.sub(own.otherLogVar), distance, options);
  },
);

/** `gaussianKlDivergence` with its options kept. */
export const GaussianKLDivergenceLoss = /* @__PURE__ */ lossClass("GaussianKLDivergenceLoss", gaussianKlDivergence);
