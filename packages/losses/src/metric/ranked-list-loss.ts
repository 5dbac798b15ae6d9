import { softmax, type Tensor, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, only } from "./masked.ts";
import { lpMeasure } from "./measure.ts";

export interface RankedListLossOptions {
  /** Negatives are driven beyond this distance. Default 1.2. */
  readonly alpha: number;
  /** Positives are drawn to within `alpha - margin`. Default 0.4. */
  readonly margin: number;
  /** How much harder positives weigh more. Default 0: not at all. */
  readonly positiveTemperature: number;
  /** How much harder negatives weigh more. Default 10. */
  readonly negativeTemperature: number;
  /** The share of negatives in the loss, 0 to 1. Default 0.5. */
  readonly balance: number;
}

/**
 * Ranked list loss of each anchor: weighted means of how far its positives lie outside one sphere, and its negatives inside a larger one.
 *
 *     loss_a = (1 - balance) sum_p w_p (d_ap - (alpha - margin)) + balance sum_n w_n (alpha - d_an)
 *
 * over the positives beyond alpha - margin and the negatives within alpha; w is `softmax(temperature * violation)` over them. Shapes: embeddings `[N, D]`, labels `[N]`; to
 * a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the anchors that have a pair. The gradient goes through the weights. Default: L2 distance of
 * normalised embeddings.
 * Source: Wang et al., "Ranked List Loss for Deep Metric Learning" (2019), arXiv 1903.03238. Differs from pytorch-metric-learning: an anchor whose positives are all
 * close enough has loss 0 from them, not NaN, and no exponential overflows.
 * @throws ArgumentError unless `balance` lies in 0 to 1, or for a similarity; ShapeError; DTypeError for labels that are no whole numbers.
 * @example rankedListLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.14487771689891815
 */
export const rankedListLoss = /* @__PURE__ */ definePairLoss<RankedListLossOptions>(
  "rankedListLoss",
  (batch, { alpha, margin, positiveTemperature, negativeTemperature, balance }): Losses => {
    const { positives, negatives } = batch;
    const d = batch.values();
    const near = weightedMean(d.sub(alpha - margin), positives, positiveTemperature);
    const far = weightedMean(d.neg().add(alpha), negatives, negativeTemperature);
    const losses = near.mul(1 - balance).add(far.mul(balance));
    return { losses, divisor: countOf(positives.logicalOr(negatives).any(-1), losses) };
  },
  {
    defaults: { alpha: 1.2, margin: 0.4, positiveTemperature: 0, negativeTemperature: 10, balance: 0.5 },
    distance: lpMeasure,
    check: ({ balance }, measure) => {
      checkOption("rankedListLoss", "balance", String(balance), "a number from 0 to 1", balance >= 0 && balance <= 1);
      checkOption("rankedListLoss", "distance", measure.name, "a distance, not a similarity", !measure.similarity);
    },
  },
);

/** `rankedListLoss` with its options kept. */
export const RankedListLoss = /* @__PURE__ */ pairLossClass("RankedListLoss", rankedListLoss);

/** The mean of the violations above 0, harder ones weighing more; 0 where there are none. */
function weightedMean(violations: Tensor, mask: Tensor, temperature: number): Tensor {
  // Not "above 0": what is NaN counts, so that it shows in the loss.
  const counted = mask.logicalAnd(violations.le(0).logicalNot());
  const some = counted.any(-1, { keepdim: true });
  const logits = where(counted.logicalOr(some.logicalNot()), violations.mul(temperature), Number.NEGATIVE_INFINITY);
  return only(counted, softmax(logits, -1).mul(violations)).sum(-1);
}
