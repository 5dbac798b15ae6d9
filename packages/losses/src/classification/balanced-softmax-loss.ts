import type { TensorArg } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { alongClasses, classValues } from "./class-values.ts";

export interface BalancedSoftmaxOptions {
  /** How many samples each class has in the training data, `[C]`. */
  readonly counts: TensorArg;
}

/**
 * Balanced softmax: cross entropy with every class's exponential multiplied by its number of samples, `loss = -log(n_y exp(z_y) / sum_c n_c exp(z_c))`.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. `counts` is required. The same as `logitAdjustedCrossEntropy` with tau 1: a common factor of the counts makes no difference.
 * Source: Ren et al., "Balanced Meta-Softmax for Long-Tailed Visual Recognition" (2020), arXiv 2007.10740.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example balancedSoftmaxLoss([[0, 0]], [1], { counts: [300, 100] }).item() // 1.3862943649291992
 */
export const balancedSoftmaxLoss = /* @__PURE__ */ defineClassLoss<BalancedSoftmaxOptions>(
  "balancedSoftmaxLoss",
  (rows, { counts }) => {
    const known = classValues("balancedSoftmaxLoss", "counts", counts, rows);
    return rows.withLogits(rows.logits.add(alongClasses(known.log(), rows))).crossEntropy();
  },
  { defaults: { counts: [] } },
);

/** `balancedSoftmaxLoss` with its options kept. */
export const BalancedSoftmaxLoss = /* @__PURE__ */ lossClass("BalancedSoftmaxLoss", balancedSoftmaxLoss);
