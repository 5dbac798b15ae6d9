import { arange, log2, logicalAnd, sigmoid, type Tensor } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { type GainOptions, normalizedGains } from "./gains.ts";
import { bothKept, defineRankingLoss, differences, type Lists, type RankingOptions } from "./lists.ts";

/** Smooth places, `[B, N]`: `1 + sum_(j != i) sigmoid((s_j - s_i) / temperature)`. */
function smoothRanks({ scores, kept, size }: Lists, temperature: number): Tensor {
  const place = arange(0, size, 1, { dtype: scores.dtype });
  const pairs = logicalAnd(bothKept(kept), place.unsqueeze(1).ne(place));
  const ahead = sigmoid(differences(scores, pairs).div(-temperature));
  return ahead.mul(pairs.to(scores.dtype)).sum(2).add(1);
}

export interface ApproxNDCGLossOptions extends Omit<GainOptions, "k"> {
  /** How wide the steps of the places are; small ones are nearer to the metric and flatter. Default 1. */
  readonly temperature?: number;
}

/**
 * ApproxNDCG: minus NDCG with smooth places, `-sum_i G_i / log2(1 + rank_i)`, `rank_i = 1 + sum_(j != i) sigmoid((s_j - s_i) / temperature)`, G the gain through the
 * ideal DCG.
 *
 * Shapes: scores and relevance `[N]` or `[..., N]`; to a scalar from -1 to 0, or `[...]` with `reduction: "none"`. Padding (`mask`, or relevance `paddingValue`) takes no
 * part; lists without relevant items cost 0 and are not in the mean. Relevance has no gradient.
 * Source: Qin et al., "A General Approximation Framework for Direct Optimization of Information Retrieval Measures" (2010).
 * Differs from allRank: nothing is clamped, and its mean counts lists without relevant items. TensorFlow Ranking's temperature is 0.1.
 * @throws ShapeError unless the shapes agree; ArgumentError for a temperature that is not positive.
 * @example approxNdcgLoss([2, 1, 0], [2, 0, 1]).item() // -0.8065386414527893
 */
export const approxNdcgLoss = /* @__PURE__ */ defineRankingLoss<ApproxNDCGLossOptions>(
  "approxNdcgLoss",
  (lists, options) => {
    const { temperature = 1 } = options;
    checkPositive("approxNdcgLoss", "temperature", temperature);
    const { gains, counted } = normalizedGains("approxNdcgLoss", lists, options);
    const discount = log2(smoothRanks(lists, temperature).add(1));
    return { losses: gains.div(discount).sum(1).neg(), counted };
  },
);

/** `approxNdcgLoss` with its options kept. */
export const ApproxNDCGLoss = /* @__PURE__ */ lossClass("ApproxNDCGLoss", approxNdcgLoss);

export interface ApproxMRRLossOptions extends RankingOptions {
  /** How wide the steps of the places are; small ones are nearer to the metric and flatter. Default 1. */
  readonly temperature?: number;
}

/**
 * ApproxMRR: minus the mean reciprocal place of the relevant items, with smooth places, `-(sum_i y_i / rank_i) / sum_i y_i`. With one relevant item in each list it is
 * the reciprocal rank; with several, each counts by its relevance, where the metric looks at the first alone.
 *
 * Shapes, padding, lists without relevant items and errors as `approxNdcgLoss`.
 * Source: Qin et al., "A General Approximation Framework for Direct Optimization of Information Retrieval Measures" (2010); the mean is TensorFlow Ranking's.
 * Differs from TensorFlow Ranking: the default temperature is 1, not 0.1.
 * @example approxMrrLoss([2, 1, 0], [1, 0, 0]).item() // -0.7203862071037292
 */
export const approxMrrLoss = /* @__PURE__ */ defineRankingLoss<ApproxMRRLossOptions>(
  "approxMrrLoss",
  (lists, { temperature = 1 }) => {
    checkPositive("approxMrrLoss", "temperature", temperature);
    const total = lists.relevance.sum(1);
    const counted = total.gt(0);
    const sum = lists.relevance.div(smoothRanks(lists, temperature)).sum(1);
    return { losses: sum.neg().div(total.add(counted.logicalNot().to(total.dtype))), counted };
  },
);

/** `approxMrrLoss` with its options kept. */
export const ApproxMRRLoss = /* @__PURE__ */ lossClass("ApproxMRRLoss", approxMrrLoss);
