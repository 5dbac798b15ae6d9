import { checkOneOf } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { type AverageOptions, averagedApart } from "./average.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { atLeastOne, countOf, only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface IntraPairVarianceLossOptions extends AverageOptions {
  /** How far below the mean a positive pair may be, as a share of it. Default 0.01. */
  readonly positiveEps: number;
  /** How far above the mean a negative pair may be, as a share of it. Default 0.01. */
  readonly negativeEps: number;
}

/**
 * Intra-pair variance loss: draws the similarities of positive pairs, and those of negative pairs, to their means.
 *
 *     loss = max(0, (1 - positiveEps) mean_p s - s)^2 for positive pairs,  max(0, s - (1 + negativeEps) mean_n s)^2 for negative ones
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N, M]` with `reduction: "none"` (0 where there is no pair). "mean" is the mean over positive pairs
 * plus the mean over negative ones, over all of them (`average: "active"`: those with a loss above 0). s is the cosine; for a distance its opposite.
 * Source: Yu and Tao, "Deep Metric Learning with Tuplet Margin Loss" (2019).
 * @throws ArgumentError, ShapeError; DTypeError for labels that are no whole numbers.
 * @example intraPairVarianceLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.061256248503923416
 */
export const intraPairVarianceLoss = /* @__PURE__ */ definePairLoss<IntraPairVarianceLossOptions>(
  "intraPairVarianceLoss",
  (batch, { positiveEps, negativeEps, average = "all", ...options }): Losses => {
    const { positives, negatives } = batch;
    const s = batch.similarities();
    const meanOf = (mask: typeof positives) =>
      only(mask, s)
        .sum()
        .div(atLeastOne(countOf(mask, s)));
    const below = meanOf(positives)
      .mul(1 - positiveEps)
      .sub(s)
      .relu()
      .square();
    const above = s
      .sub(meanOf(negatives).mul(1 + negativeEps))
      .relu()
      .square();
    return averagedApart(
      [
        { losses: only(positives, below), mask: positives },
        { losses: only(negatives, above), mask: negatives },
      ],
      average,
      options,
    );
  },
  {
    defaults: { positiveEps: 0.01, negativeEps: 0.01 },
    distance: cosineMeasure,
    check: ({ average = "all" }) => checkOneOf("intraPairVarianceLoss", "average", average, ["active", "all"]),
  },
);

/** `intraPairVarianceLoss` with its options kept. */
export const IntraPairVarianceLoss = /* @__PURE__ */ pairLossClass("IntraPairVarianceLoss", intraPairVarianceLoss);
