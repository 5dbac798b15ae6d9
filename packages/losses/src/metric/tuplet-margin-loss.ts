import { indexSelect, matmul } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, logOnePlusSum, only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";
import { positivePairsOf } from "./triplets.ts";
import { rowProducts, sineBetween, unitRows } from "./unit-rows.ts";

export interface TupletMarginLossOptions {
  /** The slack of positive pairs, in degrees. Default 5.73 (0.1 radians). */
  readonly margin: number;
  /** Default 64. */
  readonly scale: number;
}

/**
 * Tuplet margin loss of each positive pair (a, p) against the negatives n of its anchor, theta being angles:
 *
 *     loss_ap = log(1 + sum_n e^(scale (cos theta_an - cos(theta_ap - margin))))
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[P]` with `reduction: "none"`, one a positive pair. "mean" divides by the positive pairs. Embeddings are
 * normalised. cos(theta - margin) is cos theta cos margin + sin theta sin margin, with a sine that keeps value and gradient where embeddings are equal or
 * opposite. The paper adds `intraPairVarianceLoss`.
 * Source: Yu and Tao, "Deep Metric Learning with Tuplet Margin Loss" (2019).
 * @throws ArgumentError for a scale that is not above 0 and for another `distance`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example tupletMarginLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1], { scale: 1 }).item() // 0.5196782350540161
 */
export const tupletMarginLoss = /* @__PURE__ */ definePairLoss<TupletMarginLossOptions>(
  "tupletMarginLoss",
  (batch, { margin, scale }): Losses => {
    const radians = (margin * Math.PI) / 180;
    const pairs = positivePairsOf(batch);
    const [x, y] = [unitRows(batch.embeddings), unitRows(batch.references)];
    const a = indexSelect(x, 0, pairs.anchors); // [P, D]
    const p = indexSelect(y, 0, pairs.positives);
    const near = rowProducts(a, p)
      .mul(Math.cos(radians))
      .add(sineBetween(a, p).mul(Math.sin(radians)));
    const differences = matmul(a, y.t()).sub(near.unsqueeze(1)).mul(scale); // [P, M]
    const losses = logOnePlusSum(differences, indexSelect(batch.negatives, 0, pairs.anchors));
    return { losses: only(pairs.valid, losses), divisor: countOf(pairs.valid, losses) };
  },
  {
    defaults: { margin: 5.73, scale: 64 },
    distance: cosineMeasure,
    check: ({ scale, distance }) => {
      checkPositive("tupletMarginLoss", "scale", scale);
      checkOption(
        "tupletMarginLoss",
        "distance",
        distance?.name,
        "left out: angles are its measure",
        distance === undefined,
      );
    },
  },
);

/** `tupletMarginLoss` with its options kept. */
export const TupletMarginLoss = /* @__PURE__ */ pairLossClass("TupletMarginLoss", tupletMarginLoss);
