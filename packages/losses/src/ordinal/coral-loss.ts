import { lossClass } from "../core/loss-class.ts";
import { defineOrdinalLoss, type OrdinalOptions } from "./ordinal-rows.ts";

export type CoralLossOptions = OrdinalOptions;

/**
 * Rank-consistent ordinal regression (CORAL): K ordered classes as K - 1 questions "is the class above k?", each a binary cross entropy.
 *
 *     loss = sum over k of softplus(-z_k) where y > k, softplus(z_k) elsewhere,    k = 0 ... K - 2
 *
 * Shapes: logits `[K - 1]`, `[N, K - 1]` or `[N, K - 1, d1, ...]`, class indices `[]`, `[N]`, `[N, d1, ...]` from 0 to K - 1; to a scalar, or the targets' shape with
 * `reduction: "none"`. "mean" divides by the rows that count. `weight` is a factor of each question, the paper's importance. The questions are consistent where their
 * logits share all but a bias, `z_k = f(x) + b_k`: the class is the number of logits above 0.
 * Source: Cao et al., "Rank consistent ordinal regression for neural networks with application to age estimation" (2020), arXiv 1901.07884.
 * Differs from coral-pytorch: it takes the classes, not their levels. The loss of Deep CORAL, which aligns covariances, is `coralAlignmentLoss`.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is none of the K classes.
 * @example coralLoss([[2, 0]], [1]).item() // 0.8200752139091492
 */
export const coralLoss = /* @__PURE__ */ defineOrdinalLoss<CoralLossOptions>("coralLoss", () => ({}));

/** `coralLoss` with its options kept. */
export const CoralLoss = /* @__PURE__ */ lossClass("CoralLoss", coralLoss);
