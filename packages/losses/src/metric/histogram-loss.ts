import { scatterAdd, type Tensor, where, zeros } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { atLeastOne, countOf } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface HistogramLossOptions {
  /** How many bins lie between -1 and 1. Default 100. */
  readonly bins: number;
}

/**
 * Histogram loss: the probability that a random negative pair is more similar than a random positive one, from two histograms of cosines.
 *
 *     loss = sum over nodes r of h_neg(r) * sum over q <= r of h_pos(q)
 *
 * A cosine is shared between the two nodes around it in proportion, so that there is a gradient. Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[1]` with
 * `reduction: "none"`: one number a batch. A batch without positive or without negative pairs has none.
 * Source: Ustinova and Lempitsky, "Learning Deep Embeddings with Histogram Loss" (2016), arXiv 1611.00822. Differs from pytorch-metric-learning: a pair counts in both
 * directions, and all negative pairs count, also those of anchors without a positive.
 * @throws ArgumentError unless `bins` is a whole number above 0, and for another `distance`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example histogramLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.3854633867740631
 */
export const histogramLoss = /* @__PURE__ */ definePairLoss<HistogramLossOptions>(
  "histogramLoss",
  (batch, { bins }): Losses => {
    // Places between the nodes 0 to bins; rounding may lead past them.
    const places = batch
      .values()
      .clamp({ min: -1, max: 1 })
      .add(1)
      .mul(bins / 2);
    const known = places.detach();
    // A NaN has no node; its share of one is NaN.
    const lower = where(known.eq(known), known, 0)
      .clamp({ max: bins - 1 })
      .to("int64");
    const share = places.sub(lower);
    const histogram = (mask: Tensor) => spread(lower, share, mask, bins).div(atLeastOne(countOf(mask, share)));
    const reversed = histogram(batch.negatives).mul(histogram(batch.positives).cumsum(0)).sum();
    const both = batch.positives.any().logicalAnd(batch.negatives.any());
    return { losses: where(both, reversed, 0).reshape([1]), divisor: both.to(share.dtype) };
  },
  {
    defaults: { bins: 100 },
    distance: cosineMeasure,
    check: ({ bins, distance }) => {
      checkOption("histogramLoss", "bins", String(bins), "a whole number above 0", Number.isInteger(bins) && bins > 0);
      checkOption(
        "histogramLoss",
        "distance",
        distance?.name,
        "left out: the bins are of cosines",
        distance === undefined,
      );
    },
  },
);

/** `histogramLoss` with its options kept. */
export const HistogramLoss = /* @__PURE__ */ pairLossClass("HistogramLoss", histogramLoss);

function spread(lower: Tensor, share: Tensor, mask: Tensor, bins: number): Tensor {
  const none = zeros([bins + 1], { dtype: share.dtype });
  const add = (into: Tensor, at: Tensor, part: Tensor) =>
    scatterAdd(into, 0, at.flatten(), where(mask, part, 0).flatten());
  return add(add(none, lower, share.neg().add(1)), lower.add(1), share);
}
