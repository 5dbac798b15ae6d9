import { indexSelect, matmul } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, logOnePlusSum, only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";
import { positivePairsOf } from "./triplets.ts";
import { rowProducts, unitRows } from "./unit-rows.ts";

export interface AngularLossOptions {
  /** Upper bound of the angle at the negative, in degrees. Default 40. */
  readonly angle: number;
}

/**
 * Angular loss of each positive pair (a, p) against the negatives n of its anchor:
 *
 *     loss_ap = log(1 + sum_n e^(4 tan^2(angle) (a + p) . n - 2 (1 + tan^2(angle)) a . p))
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[P]` with `reduction: "none"`, one a positive pair. "mean" divides by the positive pairs. Embeddings are
 * normalised. Nothing overflows: the 1 is inside the log-sum-exp.
 * Source: Wang et al., "Deep Metric Learning with Angular Loss" (2017), arXiv 1708.01682, equation 8. The paper takes 36 to 55 degrees; 40 is
 * pytorch-metric-learning's.
 * @throws ArgumentError unless the angle lies between 0 and 90 degrees, and for another `distance`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example angularLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.5056389570236206
 */
export const angularLoss = /* @__PURE__ */ definePairLoss<AngularLossOptions>(
  "angularLoss",
  (batch, { angle }): Losses => {
    const square = Math.tan((angle * Math.PI) / 180) ** 2;
    const pairs = positivePairsOf(batch);
    const [x, y] = [unitRows(batch.embeddings), unitRows(batch.references)];
    const a = indexSelect(x, 0, pairs.anchors); // [P, D]
    const p = indexSelect(y, 0, pairs.positives);
    const sides = matmul(a.add(p), y.t()).mul(4 * square); // [P, M]
    const base = rowProducts(a, p).mul(2 * (1 + square));
    const rivals = indexSelect(batch.negatives, 0, pairs.anchors);
    const losses = logOnePlusSum(sides.sub(base.unsqueeze(1)), rivals);
    return { losses: only(pairs.valid, losses), divisor: countOf(pairs.valid, losses) };
  },
  {
    defaults: { angle: 40 },
    distance: cosineMeasure,
    check: ({ angle, distance }) => {
      checkOption("angularLoss", "angle", String(angle), "between 0 and 90 degrees", angle > 0 && angle < 90);
      checkOption(
        "angularLoss",
        "distance",
        distance?.name,
        "left out: the angle is its measure",
        distance === undefined,
      );
    },
  },
);

/** `angularLoss` with its options kept. */
export const AngularLoss = /* @__PURE__ */ pairLossClass("AngularLoss", angularLoss);
