import { checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { averagedApart } from "./average.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface ThresholdConsistentMarginLossOptions {
  /** Factor of the positive pairs. Default 1. */
  readonly positiveWeight: number;
  /** Factor of the negative pairs. Default 1. */
  readonly negativeWeight: number;
  /** The cosine that positive pairs should have at least. Default 0.9. */
  readonly positiveMargin: number;
  /** The cosine that negative pairs should have at most. Default 0.5. */
  readonly negativeMargin: number;
}

const NAME = "thresholdConsistentMarginLoss";

/**
 * Threshold-consistent margin, a regulariser beside another loss that makes one threshold fit all classes: only pairs on the wrong side of a margin count.
 *
 *     loss = positiveWeight * mean of (positiveMargin - s) over positive pairs below the margin
 *          + negativeWeight * mean of (s - negativeMargin) over negative pairs above the margin,    s = cosine
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N, M]` with `reduction: "none"` (0 where there is no such pair). A group without pairs adds 0. Add it to the
 * loss that it regularises: pytorch-metric-learning's class takes that loss as an argument.
 * Source: Zhang et al., "Threshold-Consistent Margin Loss for Open-World Deep Metric Learning" (2023), arXiv 2307.04047.
 * @throws ArgumentError for weights below 0, or a `distance` that is no similarity; ShapeError; DTypeError for labels that are no whole numbers.
 * @example thresholdConsistentMarginLoss([[1, 0], [3, 4], [0, 1]], [0, 0, 1]).item() // 0.6000000238418579
 */
export const thresholdConsistentMarginLoss = /* @__PURE__ */ definePairLoss<ThresholdConsistentMarginLossOptions>(
  NAME,
  (batch, { positiveWeight, negativeWeight, positiveMargin, negativeMargin, ...options }): Losses => {
    const { positives, negatives } = batch;
    const cosines = batch.values();
    const near = only(positives, cosines.neg().add(positiveMargin).relu().mul(positiveWeight));
    const far = only(negatives, cosines.sub(negativeMargin).relu().mul(negativeWeight));
    const groups = [
      { losses: near, mask: positives },
      { losses: far, mask: negatives },
    ];
    return averagedApart(groups, "active", options);
  },
  {
    defaults: { positiveWeight: 1, negativeWeight: 1, positiveMargin: 0.9, negativeMargin: 0.5 },
    distance: cosineMeasure,
    check: ({ positiveWeight, negativeWeight }, measure) => {
      checkOption(NAME, "positiveWeight", String(positiveWeight), "0 or more", positiveWeight >= 0);
      checkOption(NAME, "negativeWeight", String(negativeWeight), "0 or more", negativeWeight >= 0);
      checkOption(NAME, "distance", measure.name, "a similarity", measure.similarity);
    },
  },
);

/** `thresholdConsistentMarginLoss` with its options kept. */
export const ThresholdConsistentMarginLoss = /* @__PURE__ */ pairLossClass(
  "ThresholdConsistentMarginLoss",
  thresholdConsistentMarginLoss,
);
