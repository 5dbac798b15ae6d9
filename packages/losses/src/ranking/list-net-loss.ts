import { logicalAnd, logSoftmax, softmax, type Tensor, where } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { defineRankingLoss, type Lists, type Ranked, type RankingOptions } from "./lists.ts";

/** `-sum target_i log softmax(scores)_i` over the items of each list. */
function crossEntropyOfLists(lists: Lists, target: Tensor, counted: Tensor): Ranked {
  // A list that does not count may have no items at all, and a softmax of nothing is NaN.
  const items = logicalAnd(lists.kept, counted.unsqueeze(1));
  const logits = where(items, lists.scores, where(counted.unsqueeze(1), Number.NEGATIVE_INFINITY, 0));
  const surprise = where(items, logSoftmax(logits, 1).neg(), 0);
  return { losses: target.mul(surprise).sum(1), counted };
}

/**
 * ListNet, top one: cross entropy between the softmax of the relevances and that of the scores, `-sum_i softmax(relevance)_i log softmax(scores)_i`.
 *
 * Shapes: scores and relevance `[N]` or `[..., N]`; to a scalar, or `[...]` with `reduction: "none"`. Padding (`mask`, or relevance `paddingValue`) takes part in neither
 * softmax; lists without items cost 0 and are not in the mean. Relevance has no gradient.
 * Source: Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach" (2007).
 * @throws ShapeError unless the shapes agree.
 * @example listNetLoss([2, 1, 0], [1, 0, 0]).item() // 1.0434306859970093
 */
export const listNetLoss = /* @__PURE__ */ defineRankingLoss<RankingOptions>("listNetLoss", (lists) => {
  const counted = lists.kept.any(1);
  const filled = where(lists.kept, lists.relevance, where(counted.unsqueeze(1), Number.NEGATIVE_INFINITY, 0));
  return crossEntropyOfLists(lists, where(counted.unsqueeze(1), softmax(filled, 1), 0), counted);
});

/** `listNetLoss` with its options kept. */
export const ListNetLoss = /* @__PURE__ */ lossClass("ListNetLoss", listNetLoss);

/**
 * Softmax ranking loss: `-sum_i relevance_i log softmax(scores)_i`, cross entropy with the relevances as they are.
 *
 * Shapes and padding as `listNetLoss`; lists whose relevances are all 0 cost 0 and are not in the mean. Relevance is 0 or more and has no gradient.
 * Source: Bruch et al., "An Analysis of the Softmax Cross Entropy Loss for Learning-to-Rank with Binary Relevance" (2019).
 * Differs from Optax: the mean leaves lists without relevant items out.
 * @throws ShapeError unless the shapes agree.
 * @example softmaxRankingLoss([2, 1, 0], [1, 0, 0]).item() // 0.40760597586631775
 */
export const softmaxRankingLoss = /* @__PURE__ */ defineRankingLoss<RankingOptions>("softmaxRankingLoss", (lists) =>
  crossEntropyOfLists(lists, lists.relevance, lists.relevance.gt(0).any(1)),
);

/** `softmaxRankingLoss` with its options kept. */
export const SoftmaxRankingLoss = /* @__PURE__ */ lossClass("SoftmaxRankingLoss", softmaxRankingLoss);
