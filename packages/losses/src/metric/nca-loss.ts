import { checkPositive } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { softplus } from "../core/softplus.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, maskedLogSumExp, only } from "./masked.ts";
import { lpMeasure } from "./measure.ts";

export interface NCALossOptions {
  /** What distances are multiplied by. Default 1. */
  readonly scale: number;
}

/**
 * Neighbourhood components analysis: the surprise that an anchor's random neighbour is of its class.
 *
 *     loss_a = -log(sum over positives p of e^(-scale d_ap) / sum over k other than a of e^(-scale d_ak))
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the anchors that have a positive; others have loss 0. d is
 * the squared L2 distance of normalised embeddings. Computed as softplus of a difference of two logSumExp: the tiny loss of a clear case is kept.
 * Source: Goldberger et al., "Neighbourhood Components Analysis" (2004), in the form of a log likelihood.
 * @throws ArgumentError for a scale that is not above 0; ShapeError; DTypeError for labels that are no whole numbers.
 * @example ncaLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.4553844630718231
 */
export const ncaLoss = /* @__PURE__ */ definePairLoss<NCALossOptions>(
  "ncaLoss",
  (batch, { scale }): Losses => {
    const { positives, negatives } = batch;
    const z = batch.similarities().mul(scale);
    const some = positives.any(-1);
    const contested = some.logicalAnd(negatives.any(-1));
    const odds = maskedLogSumExp(z, negatives).sub(maskedLogSumExp(z, positives));
    return { losses: only(contested, softplus(odds)), divisor: countOf(some, z) };
  },
  {
    defaults: { scale: 1 },
    distance: () => lpMeasure({ power: 2 }),
    check: ({ scale }) => checkPositive("ncaLoss", "scale", scale),
  },
);

/** `ncaLoss` with its options kept. */
export const NCALoss = /* @__PURE__ */ pairLossClass("NCALoss", ncaLoss);
