import {
  arange,
  argsort,
  asTensor,
  cat,
  exp2,
  fromTypedArray,
  fullLike,
  type Generator,
  gather,
  logcumsumexp,
  logSigmoid,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { defineRankingLoss, type Lists, type RankingOptions } from "./lists.ts";

export interface ListMLELossOptions extends RankingOptions {
  /** Puts items of equal relevance in random order; without it they keep theirs. */
  readonly generator?: Generator;
}

/** Positions of the items from the most relevant to the least, padding last. Equals keep their order, or get a random one. */
function idealOrder({ relevance, kept, size }: Lists, generator: Generator | undefined): Tensor {
  const rank = where(kept, relevance, Number.NEGATIVE_INFINITY);
  if (generator === undefined) return argsort(rank, 1, { descending: true });
  const shuffled = new BigInt64Array(rank.size);
  for (let at = 0; at < shuffled.length; at += size) {
    generator.permutation(size).forEach((place, i) => {
      shuffled[at + i] = BigInt(place);
    });
  }
  const shuffle = fromTypedArray(shuffled, rank.shape);
  return gather(shuffle, 1, argsort(gather(rank, 1, shuffle), 1, { descending: true }));
}

/** `log sum_(k >= i) e^s_k - s_i` for each place of the ideal order, by what comes after it: softplus(log sum_(k > i) e^s_k - s_i), which does not cancel. */
function placeLosses({ scores, kept, size }: Lists, order: Tensor): { losses: Tensor; kept: Tensor } {
  const present = gather(kept, 1, order);
  const sorted = where(present, gather(scores, 1, order), Number.NEGATIVE_INFINITY);
  const from = logcumsumexp(sorted, 1, { reverse: true });
  const nothing = fullLike(sorted.slice(1, { end: Math.min(1, size) }), Number.NEGATIVE_INFINITY);
  const later = size === 0 ? from : cat([from.slice(1, { start: 1 }), nothing], 1);
  // Nothing comes after the last item, whatever its score is.
  const last = later.eq(Number.NEGATIVE_INFINITY);
  return { losses: logSigmoid(where(last, 0, sorted).sub(later)).neg(), kept: present };
}

/**
 * ListMLE: minus the log-likelihood of the ideal order under the Plackett-Luce model, `sum_i log sum_(k >= i) e^s_k - s_i` with the items from the most relevant to the
 * least.
 *
 * Shapes: scores and relevance `[N]` or `[..., N]`; to a scalar, or `[...]` with `reduction: "none"`. Padding (`mask`, or relevance `paddingValue`) takes no part; lists
 * without items cost 0 and are not in the mean. Items of equal relevance keep their order; with a `generator` they are shuffled in each call, so that no
 * order of them is learned. Relevance has no gradient.
 * Source: Xia et al., "Listwise Approach to Learning to Rank: Theory and Algorithm" (2008).
 * @throws ShapeError unless the shapes agree.
 * @example listMleLoss([2, 1, 0], [2, 1, 0]).item() // 0.7208676338195801
 */
export const listMleLoss = /* @__PURE__ */ defineRankingLoss<ListMLELossOptions>(
  "listMleLoss",
  (lists, { generator }) => {
    const { losses } = placeLosses(lists, idealOrder(lists, generator));
    return { losses: losses.sum(1), counted: lists.kept.any(1) };
  },
);

/** `listMleLoss` with its options kept. */
export const ListMLELoss = /* @__PURE__ */ lossClass("ListMLELoss", listMleLoss);

export interface PListMLELossOptions extends ListMLELossOptions {
  /** Weight of each place of the ideal order, `[N]`. Default `2^(n - i) - 1` for place i (from 1) of n items. */
  readonly positionWeight?: TensorArg;
}

/**
 * Position-aware ListMLE: the terms of `listMleLoss` weighted by place, `sum_i (2^(n - i) - 1) (log sum_(k >= i) e^s_k - s_i)`, so that mistakes at the top cost more.
 *
 * Shapes, padding, order of equals and errors as `listMleLoss`. The default weights double from place to place, padding apart; for long lists give others.
 * Source: Lan et al., "Position-Aware ListMLE: A Sequential Learning Process for Ranking" (2014).
 * @throws ShapeError unless the shapes agree; ArgumentError unless there is one position weight for each place.
 * @example pListMleLoss([2, 1, 0], [2, 1, 0]).item() // 1.5360795259475708
 */
export const pListMleLoss = /* @__PURE__ */ defineRankingLoss<PListMLELossOptions>(
  "pListMleLoss",
  (lists, { generator, positionWeight }) => {
    const { losses, kept } = placeLosses(lists, idealOrder(lists, generator));
    const weight = positionWeight === undefined ? powersOfTwo(lists, kept) : asTensor(positionWeight).to(losses.dtype);
    const fits = weight.ndim === 1 && weight.shape[0] === lists.size;
    checkOption(
      "pListMleLoss",
      "positionWeight",
      weight.shape,
      `one for each place, [${lists.size}]`,
      fits || positionWeight === undefined,
    );
    return { losses: losses.mul(weight).sum(1), counted: lists.kept.any(1) };
  },
);

/** `pListMleLoss` with its options kept. */
export const PListMLELoss = /* @__PURE__ */ lossClass("PListMLELoss", pListMleLoss);

function powersOfTwo({ scores, size }: Lists, kept: Tensor): Tensor {
  const items = kept.to(scores.dtype).sum(1, { keepdim: true });
  const below = items.sub(arange(1, size + 1, 1, { dtype: scores.dtype }));
  return exp2(where(kept, below, 0)).sub(1);
}
