import { arange, argsort, gather, log2, logicalAnd, logSigmoid, reciprocal, type Tensor, where } from "@tenon/numerics";
import { checkOneOf, checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { discounts, type GainOptions, normalizedGains } from "./gains.ts";
import { bothKept, defineRankingLoss, differences, type Lists } from "./lists.ts";

/** Weights of pairs in `lambdaLoss`. */
export type LambdaScheme = "lambdaRank" | "ndcg1" | "ndcg2" | "ndcg2++";

const SCHEMES: readonly LambdaScheme[] = ["lambdaRank", "ndcg1", "ndcg2", "ndcg2++"];

export interface LambdaLossOptions extends GainOptions {
  /** What a pair weighs; see `lambdaLoss`. Default "lambdaRank". */
  readonly scheme?: LambdaScheme;
  /** Steepness. Default 1. */
  readonly sigma?: number;
  /** How much "ndcg2" counts in "ndcg2++". Default 10. */
  readonly mu?: number;
  /** Base of the logarithm. Default "binary", as in the paper. */
  readonly log?: "binary" | "natural";
}

/** The same lists with the items in the order of their scores, padding last. */
function ranked(lists: Lists, gains: Tensor) {
  const order = argsort(where(lists.kept, lists.scores.detach(), Number.NEGATIVE_INFINITY), 1, { descending: true });
  const at = (t: Tensor) => gather(t, 1, order);
  return { scores: at(lists.scores), relevance: at(lists.relevance), kept: at(lists.kept), gains: at(gains) };
}

/** The weights of pairs of places, `[B, N, N]`. */
function weights(scheme: LambdaScheme, gains: Tensor, mu: number): Tensor {
  const size = gains.shape[1]!;
  const discount = reciprocal(discounts(size, gains));
  if (scheme === "ndcg1") return gains.mul(discount).unsqueeze(2);
  const between = (t: Tensor, dim: number) =>
    t
      .unsqueeze(dim + 1)
      .sub(t.unsqueeze(dim))
      .abs();
  const swapped = between(gains, 1);
  const byPlace = between(discount, 0);
  if (scheme === "lambdaRank") return swapped.mul(byPlace);
  const distance = between(arange(0, size, 1, { dtype: gains.dtype }), 0);
  const near = where(distance.eq(0), 1, distance);
  const byDistance = reciprocal(log2(near.add(1))).sub(reciprocal(log2(near.add(2))));
  const second = where(distance.eq(0), 0, byDistance);
  return swapped.mul(scheme === "ndcg2" ? second : second.mul(mu).add(byPlace));
}

/**
 * LambdaRank and the LambdaLoss family: `sum w_ij log2(1 + e^(-sigma (s_i - s_j)))` over the pairs of items of which i is more relevant, weighted by what they mean for
 * NDCG. G is the gain through the ideal DCG, D(r) = log2(1 + r), r the place by score:
 *
 *     "lambdaRank"  |G_i - G_j| |1 / D(r_i) - 1 / D(r_j)|
 *     "ndcg2"       |G_i - G_j| (1 / D(d) - 1 / D(d + 1)), d = |r_i - r_j|
 *     "ndcg2++"     mu times "ndcg2" and "lambdaRank"
 *     "ndcg1"       G_i / D(r_i), for all pairs of different items
 *
 * Shapes: scores and relevance `[N]` or `[..., N]`; to a scalar, or one loss for each list, `[...]`, with `reduction: "none"`. Padding (`mask`, or relevance
 * `paddingValue`) takes no part; lists without relevant items cost 0 and are not in the mean. `k` leaves pairs out in which an item lies below place k.
 * The weights are constants: places and relevance have no gradient.
 * Source: Burges, "From RankNet to LambdaRank to LambdaMART" (2010); Wang et al., "The LambdaLoss Framework for Ranking Metric Optimization" (2018).
 * Differs from allRank: a sum over pairs for each list and their mean (`reduction: "sum"` is its default); nothing is clamped; "ndcg1" has no pairs of an item with itself.
 * @throws ShapeError unless the shapes agree; ArgumentError for an unknown scheme, or a sigma that is not positive.
 * @example lambdaLoss([2, 1, 0], [0, 2, 1]).item() // 1.0328927040100098
 */
export const lambdaLoss = /* @__PURE__ */ defineRankingLoss<LambdaLossOptions>("lambdaLoss", (lists, options) => {
  const { scheme = "lambdaRank", sigma = 1, mu = 10, log = "binary", k = lists.size } = options;
  checkOneOf("lambdaLoss", "scheme", scheme, SCHEMES);
  checkOneOf("lambdaLoss", "log", log, ["binary", "natural"]);
  checkPositive("lambdaLoss", "sigma", sigma);
  const { gains, counted } = normalizedGains("lambdaLoss", lists, options);
  const order = ranked(lists, gains);
  const place = arange(0, lists.size, 1, { dtype: gains.dtype });
  const top = place.lt(k);
  const others = logicalAnd(place.unsqueeze(1).ne(place), logicalAnd(top.unsqueeze(1), top));
  const kept = logicalAnd(bothKept(order.kept), others);
  const better = order.relevance.unsqueeze(2).gt(order.relevance.unsqueeze(1));
  const pairs = scheme === "ndcg1" ? kept : logicalAnd(kept, better);
  const surprise = logSigmoid(differences(order.scores, pairs).mul(sigma)).neg();
  const weighted = where(pairs, surprise.mul(weights(scheme, order.gains, mu)), 0).sum([1, 2]);
  return { losses: log === "natural" ? weighted : weighted.div(Math.LN2), counted };
});

/** `lambdaLoss` with its options kept. */
export const LambdaLoss = /* @__PURE__ */ lossClass("LambdaLoss", lambdaLoss);
