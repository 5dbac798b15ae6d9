import { expm1, indexSelect, log1p, scatterAdd, type Tensor, zeros } from "@tenon/numerics";
import { expRemainder } from "../alignment/exp-remainder.ts";
import { checkOneOf, checkPositive } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, type PairBatch, pairLossClass, pick } from "./define-pair-loss.ts";
import { atLeastOne, countOf, only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";
import { positivePairsOf } from "./triplets.ts";

interface Ranks {
  /** How many negatives lie before each positive of an anchor, softly: one a positive pair. */
  readonly negativesBefore: Tensor;
  /** How many of the anchor's other positives do. */
  readonly positivesBefore: () => Tensor;
  /** The mean over each anchor's positives of one value a pair, as losses of the anchors. */
  readonly perAnchor: (values: Tensor) => Losses;
}

/** Ranks by `sigmoid((s_ak - s_ap) / temperature)`, which is 1 where k is closer to the anchor than its positive p. */
function ranksOf(batch: PairBatch, temperature: number): Ranks {
  const { positives, negatives } = batch;
  const pairs = positivePairsOf(batch);
  const closeness = batch.similarities();
  const own = pick(closeness, pairs.anchors, pairs.positives);
  const before = indexSelect(closeness, 0, pairs.anchors).sub(own.unsqueeze(1)).div(temperature).sigmoid(); // [Q, M]
  const counted = (mask: Tensor) => only(indexSelect(mask, 0, pairs.anchors), before).sum(-1);
  return {
    negativesBefore: counted(negatives),
    // A positive before itself is a half.
    positivesBefore: () => counted(positives).sub(0.5),
    perAnchor: (values) => {
      const count = positives.to(values.dtype).sum(-1);
      const sums = scatterAdd(zeros(count.shape, { dtype: values.dtype }), 0, pairs.anchors, only(pairs.valid, values));
      return { losses: sums.div(atLeastOne(count)), divisor: countOf(count.gt(0), values) };
    },
  };
}

export interface SmoothAPLossOptions {
  /** How soft a rank is. Default 0.01. */
  readonly temperature: number;
}

/**
 * Smooth-AP: 1 minus the average precision of ranking the others by their closeness to an anchor, ranks counted with sigmoids.
 *
 *     loss_a = mean over positives p of N_p / (1 + P_p + N_p),    N_p, P_p = sum over negatives, other positives k of sigmoid((s_ak - s_ap) / temperature)
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the anchors that have a positive; others have loss 0. The
 * quotient is the part lost itself, not 1 minus the part kept, so that a ranking nearly right keeps its digits.
 * Source: Brown et al., "Smooth-AP: Smoothing the Path Towards Large-Scale Image Retrieval" (2020), arXiv 2007.12163.
 * Differs from the paper's code: classes may have different sizes, and an anchor is not among its own positives.
 * @throws ArgumentError for a temperature that is not above 0; ShapeError; DTypeError for labels that are no whole numbers.
 * @example smoothApLoss([[1, 0], [3, 4], [0, 1]], [0, 0, 1], { temperature: 1 }).item() // 0.3082022964954376
 */
export const smoothApLoss = /* @__PURE__ */ definePairLoss<SmoothAPLossOptions>(
  "smoothApLoss",
  (batch, { temperature }): Losses => {
    const { negativesBefore, positivesBefore, perAnchor } = ranksOf(batch, temperature);
    return perAnchor(negativesBefore.div(positivesBefore().add(negativesBefore).add(1)));
  },
  {
    defaults: { temperature: 0.01 },
    distance: cosineMeasure,
    check: ({ temperature }) => checkPositive("smoothApLoss", "temperature", temperature),
  },
);

/** `smoothApLoss` with its options kept. */
export const SmoothAPLoss = /* @__PURE__ */ pairLossClass("SmoothAPLoss", smoothApLoss);

/** What the number R of negatives before a positive costs: see `pnpLoss`. */
export type PNPVariant = "O" | "Iu" | "Ib" | "Ds" | "Dq";

export interface PNPLossOptions {
  /** "O", "Iu", "Ib": the gradient is constant, grows, grows to a bound; "Ds", "Dq": it falls, slowly or quickly. Default "O". */
  readonly variant: PNPVariant;
  /** The power of "Dq". Default 1. */
  readonly alpha: number;
  /** The steepness of "Ib". Default 2. */
  readonly b: number;
  /** How soft a rank is. Default 0.01. */
  readonly temperature: number;
}

/**
 * PNP: penalises only the negatives that lie before a positive, R of them, softly counted.
 *
 *     loss_a = mean over positives p of f(R_p),    R_p = sum over negatives k of sigmoid((s_ak - s_ap) / temperature)
 *     f = R ("O"), (1 + R) log(1 + R) ("Iu"), (b R - log(1 + b R)) / b^2 ("Ib"), log(1 + R) ("Ds"), 1 - (1 + R)^-alpha ("Dq")
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the anchors that have a positive; others have loss 0.
 * No variant cancels for a small R. Source: Li et al., "Rethinking the Optimization of Average Precision: Only Penalizing Negative Instances before
 * Positive Ones is Enough" (2021), arXiv 2102.04640.
 * Differs from pytorch-metric-learning: an anchor is not among its own positives, and anchors without positives are not in the mean.
 * @throws ArgumentError for an unknown variant, or numbers that are not above 0; ShapeError; DTypeError for labels that are no whole numbers.
 * @example pnpLoss([[1, 0], [3, 4], [0, 1]], [0, 0, 1], { temperature: 1 }).item() // 0.4520888328552246
 */
export const pnpLoss = /* @__PURE__ */ definePairLoss<PNPLossOptions>(
  "pnpLoss",
  (batch, options): Losses => {
    const { negativesBefore, perAnchor } = ranksOf(batch, options.temperature);
    return perAnchor(penalty(negativesBefore, options));
  },
  {
    defaults: { variant: "O", alpha: 1, b: 2, temperature: 0.01 },
    distance: cosineMeasure,
    check: ({ variant, alpha, b, temperature }) => {
      checkOneOf("pnpLoss", "variant", variant, ["O", "Iu", "Ib", "Ds", "Dq"]);
      checkPositive("pnpLoss", "alpha", alpha);
      checkPositive("pnpLoss", "b", b);
      checkPositive("pnpLoss", "temperature", temperature);
    },
  },
);

/** `pnpLoss` with its options kept. */
export const PNPLoss = /* @__PURE__ */ pairLossClass("PNPLoss", pnpLoss);

function penalty(before: Tensor, { variant, alpha, b }: PNPLossOptions): Tensor {
  if (variant === "O") return before;
  if (variant === "Iu") return before.add(1).mul(log1p(before));
  // x - log(1 + x) = e^u - 1 - u with u = log(1 + x)
  if (variant === "Ib") return expRemainder(log1p(before.mul(b)), Number.POSITIVE_INFINITY).div(b * b);
  if (variant === "Ds") return log1p(before);
  return expm1(log1p(before).mul(-alpha)).neg();
}
