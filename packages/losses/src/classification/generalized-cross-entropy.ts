import { expm1, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface GeneralizedCrossEntropyOptions {
  /** Between cross entropy, 0, and a linear loss that bears wrong labels, 1. Default 0.7. */
  readonly q: number;
  /** Rows whose target has at most this probability keep the loss they would have there and no gradient. Default 0: none; the paper has 0.5. */
  readonly truncation: number;
}

/**
 * Generalised cross entropy, for labels some of which are wrong: `loss = (1 - p^q) / q`, p the softmax probability of the target.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. 1 - p^q is `-expm1(q log p)`, so that small q do not cancel; 0 gives cross entropy to the bit, 1 gives 1 - p, half the absolute error.
 * `truncation` gives the truncated form of the paper.
 * Source: Zhang and Sabuncu, "Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels" (2018), arXiv 1805.07836.
 * @throws ArgumentError for a negative q or a truncation outside [0, 1); ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example generalizedCrossEntropy([[2, 0]], [0]).item() // 0.12145261466503143
 */
export const generalizedCrossEntropy = /* @__PURE__ */ defineClassLoss<GeneralizedCrossEntropyOptions>(
  "generalizedCrossEntropy",
  (rows, { q, truncation }) => {
    const surprise = rows.crossEntropy();
    const losses = q === 0 ? surprise : expm1(surprise.mul(-q)).div(-q);
    if (truncation === 0) return losses;
    const limit = -Math.log(truncation);
    // Not "less", which NaN is not.
    return where(surprise.ge(limit), q === 0 ? limit : Math.expm1(-q * limit) / -q, losses);
  },
  {
    defaults: { q: 0.7, truncation: 0 },
    precision: "input",
    check: checkGeneralized,
  },
);

function checkGeneralized(_rows: ClassRows, { q, truncation }: GeneralizedCrossEntropyOptions): void {
  const op = "generalizedCrossEntropy";
  checkOption(op, "q", q, "0 or more", q >= 0);
  checkOption(op, "truncation", truncation, "0 or more and below 1", truncation >= 0 && truncation < 1);
}

/** `generalizedCrossEntropy` with its options kept. */
export const GeneralizedCrossEntropyLoss = /* @__PURE__ */ lossClass(
  "GeneralizedCrossEntropyLoss",
  generalizedCrossEntropy,
);
