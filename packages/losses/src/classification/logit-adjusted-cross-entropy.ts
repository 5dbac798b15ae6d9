import type { TensorArg } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { alongClasses, classValues } from "./class-values.ts";

export interface LogitAdjustedCrossEntropyOptions {
  /** How probable each class is in the training data, `[C]`; any multiple gives the same loss. */
  readonly priors: TensorArg;
  /** How much of the imbalance is taken out; 0 is cross entropy. Default 1. */
  readonly tau: number;
}

/**
 * Cross entropy of logits to which `tau log prior_c` is added while training, so that the logits themselves, used alone afterwards, favour no class for
 * being frequent: `loss = -log softmax(z + tau log prior)_y`.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. `priors` is required. A class of prior 0 leaves the softmax, and costs infinity as a target.
 * Source: Menon et al., "Long-tail Learning via Logit Adjustment" (2021), arXiv 2007.07314.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example logitAdjustedCrossEntropy([[0, 0]], [1], { priors: [0.75, 0.25] }).item() // 1.3862943649291992
 */
export const logitAdjustedCrossEntropy = /* @__PURE__ */ defineClassLoss<LogitAdjustedCrossEntropyOptions>(
  "logitAdjustedCrossEntropy",
  (rows, { priors, tau }) => {
    const known = classValues("logitAdjustedCrossEntropy", "priors", priors, rows);
    // 0 times the logarithm of 0 would not be cross entropy.
    if (tau === 0) return rows.crossEntropy();
    return rows.withLogits(rows.logits.add(alongClasses(known.log().mul(tau), rows))).crossEntropy();
  },
  { defaults: { priors: [], tau: 1 } },
);

/** `logitAdjustedCrossEntropy` with its options kept. */
export const LogitAdjustedCrossEntropyLoss = /* @__PURE__ */ lossClass(
  "LogitAdjustedCrossEntropyLoss",
  logitAdjustedCrossEntropy,
);
