import { amin, scatterAdd, type TensorArg, unsqueeze } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { checkCounts, classValues, ofTarget } from "./class-values.ts";

export interface LdamLossOptions {
  /** How many samples each class has in the training data, `[C]`, above 0. */
  readonly counts: TensorArg;
  /** The margin of the rarest class. Default 0.5. */
  readonly maxMargin: number;
  /** What the logits, which the paper takes to be cosines, are multiplied by. Default 30. */
  readonly scale: number;
}

/**
 * Label-distribution-aware margin loss: cross entropy in which the target's logit must win by a margin that is wider for rarer classes,
 * `loss = -log softmax(s (z - m_y e_y))_y` with `m_c = maxMargin (n_min / n_c)^(1/4)`.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. `counts` is required. "mean" divides by the weights of the rows that count, as `crossEntropy` does; the paper's deferred
 * re-weighting is `weight: classBalancedWeights(counts)` from some epoch on.
 * Source: Cao et al., "Learning Imbalanced Datasets with Label-Distribution-Aware Margin Loss" (2019), arXiv 1906.07413.
 * @throws ArgumentError for a count that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example ldamLoss([[0.5, 0]], [1], { counts: [16, 1], scale: 1 }).item() // 1.31326162815094
 */
export const ldamLoss = /* @__PURE__ */ defineClassLoss<LdamLossOptions>(
  "ldamLoss",
  (rows, { counts, maxMargin, scale }) => {
    const { logits, dim } = rows;
    const known = checkCounts("ldamLoss", classValues("ldamLoss", "counts", counts, rows));
    const margins = amin(known).div(known).pow(0.25).mul(-maxMargin);
    const moved = scatterAdd(logits, dim, unsqueeze(rows.target, dim), unsqueeze(ofTarget(margins, rows), dim));
    return rows.withLogits(moved.mul(scale)).crossEntropy();
  },
  { defaults: { counts: [], maxMargin: 0.5, scale: 30 } },
);

/** `ldamLoss` with its options kept. */
export const LdamLoss = /* @__PURE__ */ lossClass("LdamLoss", ldamLoss);
