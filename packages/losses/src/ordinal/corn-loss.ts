import { lossClass } from "../core/loss-class.ts";
import { defineOrdinalLoss, type OrdinalOptions } from "./ordinal-rows.ts";

export interface CornLossOptions extends OrdinalOptions {
  /** What the mean divides by: the questions that are asked, or the rows. Default "questions", as coral-pytorch. */
  readonly normalize?: "questions" | "rows";
}

/**
 * Ordinal regression by conditional probabilities (CORN): K ordered classes as K - 1 questions "is the class above k, given that it is above k - 1?", so that a row
 * is asked only the questions up to its class.
 *
 *     loss = sum over k <= y of softplus(-z_k) where y > k, softplus(z_k) where y = k,    k = 0 ... K - 2
 *
 * Shapes: logits `[K - 1]`, `[N, K - 1]` or `[N, K - 1, d1, ...]`, class indices `[]`, `[N]`, `[N, d1, ...]` from 0 to K - 1; to a scalar, or the targets' shape with
 * `reduction: "none"`. Logits of questions that are not asked have no gradient. `P(class > k)` is the product of sigmoid(z_0) ... sigmoid(z_k).
 * Source: Shi et al., "Deep neural networks for rank-consistent ordinal regression based on conditional probabilities" (2021), arXiv 2111.08851.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is none of the K classes.
 * @example cornLoss([[2, 0], [-1, 5]], [1, 0]).item() // 0.37777894735336304
 */
export const cornLoss = /* @__PURE__ */ defineOrdinalLoss<CornLossOptions>(
  "cornLoss",
  ({ target, question, dim }, { normalize = "questions" }) => {
    const which = question.le(target);
    return normalize === "rows" ? { which } : { which, counts: which.to("float64").sum(dim) };
  },
);

/** `cornLoss` with its options kept. */
export const CornLoss = /* @__PURE__ */ lossClass("CornLoss", cornLoss);
