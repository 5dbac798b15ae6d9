import { checkPositive } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, logOnePlusSum } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface MultiSimilarityLossOptions {
  /** Sharpness for positives. Default 2. */
  readonly alpha: number;
  /** Sharpness for negatives. Default 50. */
  readonly beta: number;
  /** The similarity that positives should be above and negatives below. Default 0.5. */
  readonly base: number;
}

/**
 * Multi-similarity loss of each anchor, over all its pairs:
 *
 *     loss_a = log(1 + sum over positives of e^(-alpha (s - base))) / alpha + log(1 + sum over negatives of e^(beta (s - base))) / beta
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the anchors that have a pair. The paper mines first:
 * `indices: multiSimilarityMiner(embeddings, labels)`. Nothing overflows: the 1 is inside the log-sum-exp.
 * Source: Wang et al., "Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning" (2019), arXiv 1904.06627, equation 15.
 * @throws ArgumentError for a sharpness that is not above 0; ShapeError; DTypeError for labels that are no whole numbers.
 * @example multiSimilarityLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.3071834146976471
 */
export const multiSimilarityLoss = /* @__PURE__ */ definePairLoss<MultiSimilarityLossOptions>(
  "multiSimilarityLoss",
  (batch, { alpha, beta, base }): Losses => {
    const { positives, negatives } = batch;
    const beyond = batch.beyond(batch.values(), base);
    const pull = logOnePlusSum(beyond.mul(alpha), positives).div(alpha);
    const push = logOnePlusSum(beyond.mul(-beta), negatives).div(beta);
    return { losses: pull.add(push), divisor: countOf(positives.logicalOr(negatives).any(-1), pull) };
  },
  {
    defaults: { alpha: 2, beta: 50, base: 0.5 },
    distance: cosineMeasure,
    check: ({ alpha, beta }) => {
      checkPositive("multiSimilarityLoss", "alpha", alpha);
      checkPositive("multiSimilarityLoss", "beta", beta);
    },
  },
);

/** `multiSimilarityLoss` with its options kept. */
export const MultiSimilarityLoss = /* @__PURE__ */ pairLossClass("MultiSimilarityLoss", multiSimilarityLoss);
