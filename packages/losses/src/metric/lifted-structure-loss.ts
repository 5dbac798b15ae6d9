import { logaddexp, where } from "@tenon/numerics";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, maskedLogSumExp, only } from "./masked.ts";
import { lpMeasure } from "./measure.ts";

export interface LiftedStructureLossOptions {
  /** How far negatives are driven. Default 1. */
  readonly negativeMargin: number;
  /** How close positives must come. Default 0. */
  readonly positiveMargin: number;
}

const settings = { defaults: { negativeMargin: 1, positiveMargin: 0 }, distance: lpMeasure };

/**
 * Generalised lifted structure loss of each anchor: its positives against its negatives.
 *
 *     loss_a = max(0, log(sum_p e^(d_ap - positiveMargin)) + log(sum_n e^(negativeMargin - d_an)))
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the anchors that have both positives and negatives; others
 * have loss 0. Default: L2 distance of normalised embeddings. For a similarity the differences turn round.
 * Source: Hermans et al., "In Defense of the Triplet Loss for Person Re-Identification" (2017), arXiv 1703.07737, page 4. The original form:
 * `liftedStructureLoss`.
 * @throws ShapeError; DTypeError for labels that are no whole numbers.
 * @example generalizedLiftedStructureLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.6755766272544861
 */
export const generalizedLiftedStructureLoss = /* @__PURE__ */ definePairLoss<LiftedStructureLossOptions>(
  "generalizedLiftedStructureLoss",
  (batch, { negativeMargin, positiveMargin }): Losses => {
    const { positives, negatives } = batch;
    const pull = maskedLogSumExp(batch.beyond(batch.values(), positiveMargin), positives);
    const push = maskedLogSumExp(batch.beyond(batch.values(), negativeMargin).neg(), negatives);
    const both = positives.any(-1).logicalAnd(negatives.any(-1));
    return { losses: only(both, pull.add(push).relu()), divisor: countOf(both, pull) };
  },
  settings,
);

/** `generalizedLiftedStructureLoss` with its options kept. */
export const GeneralizedLiftedStructureLoss = /* @__PURE__ */ pairLossClass(
  "GeneralizedLiftedStructureLoss",
  generalizedLiftedStructureLoss,
);

/**
 * Lifted structure loss of each positive pair (a, p), against the negatives of both:
 *
 *     loss_ap = max(0, log(sum over negatives n of a or of p of e^(negativeMargin - d)) + d_ap - positiveMargin)^2 / 2
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N, N]` with `reduction: "none"` (0 where there is no positive pair). "mean" divides by the positive
 * pairs (each in both directions, hence the half) that have a negative. Default: L2 distance of normalised embeddings. References, as they are no anchors,
 * have no negatives of their own: there the sum is over those of a.
 * Source: Oh Song et al., "Deep Metric Learning via Lifted Structured Feature Embedding" (2016), arXiv 1511.06452, equation 4.
 * @throws ShapeError; DTypeError for labels that are no whole numbers.
 * @example liftedStructureLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 1.008840560913086
 */
export const liftedStructureLoss = /* @__PURE__ */ definePairLoss<LiftedStructureLossOptions>(
  "liftedStructureLoss",
  (batch, { negativeMargin, positiveMargin }): Losses => {
    const { positives, negatives } = batch;
    const values = batch.values();
    const push = maskedLogSumExp(batch.beyond(values, negativeMargin).neg(), negatives);
    const some = negatives.any(-1);
    const [a, p] = [push.unsqueeze(1), push.unsqueeze(0)];
    const [hasA, hasP] = [some.unsqueeze(1), some.unsqueeze(0)];
    const apart = batch.references !== batch.embeddings;
    const rivals = apart ? a : where(hasA.logicalAnd(hasP), logaddexp(a, p), where(hasA, a, p));
    const contested = positives.logicalAnd(apart ? hasA : hasA.logicalOr(hasP));
    const violation = rivals.add(batch.beyond(values, positiveMargin)).relu();
    return { losses: only(contested, violation.square().div(2)), divisor: countOf(contested, values) };
  },
  settings,
);

/** `liftedStructureLoss` with its options kept. */
export const LiftedStructureLoss = /* @__PURE__ */ pairLossClass("LiftedStructureLoss", liftedStructureLoss);
