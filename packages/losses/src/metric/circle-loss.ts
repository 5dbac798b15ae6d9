import { checkOption, checkPositive } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { softplus } from "../core/softplus.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, maskedLogSumExp, only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface CircleLossOptions {
  /** Relaxation: positives should be above 1 - m, negatives below m. Default 0.4; the paper takes 0.25 for faces. */
  readonly margin: number;
  /** Scale. Default 80; the paper takes 256 for faces. */
  readonly gamma: number;
}

/**
 * Circle loss of each anchor: pairs far from their optimum weigh more.
 *
 *     loss_a = log(1 + sum_n e^(gamma [s_n + m]+ (s_n - m)) * sum_p e^(-gamma [1 + m - s_p]+ (s_p - 1 + m)))
 *
 * The weights in [ ]+ are constants to the gradient. Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the
 * anchors that have both a positive and a negative pair; others have loss 0. Computed as softplus(logSumExp + logSumExp): no overflow.
 * Source: Sun et al., "Circle Loss: A Unified Perspective of Pair Similarity Optimization" (2020), arXiv 2002.10857, equations 6 and 8.
 * @throws ArgumentError for a distance that is no similarity; ShapeError; DTypeError for labels that are no whole numbers.
 * @example circleLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 10.631457328796387
 */
export const circleLoss = /* @__PURE__ */ definePairLoss<CircleLossOptions>(
  "circleLoss",
  (batch, { margin, gamma }): Losses => {
    const { positives, negatives } = batch;
    const s = batch.values();
    const far = s
      .detach()
      .neg()
      .add(1 + margin)
      .relu()
      .mul(gamma);
    const close = s.detach().add(margin).relu().mul(gamma);
    const pull = maskedLogSumExp(far.mul(s.sub(1 - margin)).neg(), positives);
    const push = maskedLogSumExp(close.mul(s.sub(margin)), negatives);
    const both = positives.any(-1).logicalAnd(negatives.any(-1));
    return { losses: only(both, softplus(pull.add(push))), divisor: countOf(both, s) };
  },
  {
    defaults: { margin: 0.4, gamma: 80 },
    distance: cosineMeasure,
    check: ({ gamma }, measure) => {
      checkPositive("circleLoss", "gamma", gamma);
      checkOption("circleLoss", "distance", measure.name, "a similarity", measure.similarity);
    },
  },
);

/** `circleLoss` with its options kept. */
export const CircleLoss = /* @__PURE__ */ pairLossClass("CircleLoss", circleLoss);
