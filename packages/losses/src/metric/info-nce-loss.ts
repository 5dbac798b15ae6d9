import { checkOneOf, checkPositive } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { softplus } from "../core/softplus.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { countOf, maskedLogSoftmax, maskedLogSumExp, only } from "./masked.ts";
import { cosineMeasure } from "./measure.ts";

export interface InfoNCELossOptions {
  /** What similarities are divided by: the smaller, the more the hardest negatives count. Default 0.07. */
  readonly temperature: number;
  /** What a positive competes with: the anchor's negatives, or its other positives too. Default "negatives". */
  readonly against: "negatives" | "all";
}

/**
 * InfoNCE over the pairs that labels make: every positive pair (a, p) is a classification of p among p and the anchor's negatives.
 *
 *     loss_ap = -log(e^(s_ap / t) / (e^(s_ap / t) + sum over negatives n of a of e^(s_an / t)))
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N, M]` with `reduction: "none"` (0 where there is no positive pair). "mean" divides by the
 * number of positive pairs; anchors without a positive have no part in it. s is the cosine.
 *
 * It is `log(1 + sum e^((s_an - s_ap) / t))`: a pair that is far closer than all negatives keeps its tiny loss.
 * Source: van den Oord et al., "Representation Learning with Contrastive Predictive Coding" (2018), arXiv 1807.03748; the form for labels and the temperature
 * are those of pytorch-metric-learning's NTXentLoss.
 * @throws ArgumentError for a temperature that is not above 0; ShapeError; DTypeError for labels that are no whole numbers.
 * @example infoNceLoss([[1, 0], [1, 0.5], [0, 1]], [0, 0, 1], { temperature: 0.5 }).item() // 0.24866704642772675
 */
export const infoNceLoss = /* @__PURE__ */ definePairLoss<InfoNCELossOptions>(
  "infoNceLoss",
  (batch, { temperature, against }): Losses => {
    const z = batch.similarities().div(temperature);
    const { positives, negatives } = batch;
    if (against === "all") {
      return {
        losses: only(positives, maskedLogSoftmax(z, positives.logicalOr(negatives)).neg()),
        divisor: countOf(positives, z),
      };
    }
    const rivals = maskedLogSumExp(z, negatives).unsqueeze(1);
    const contested = positives.logicalAnd(negatives.any(-1, { keepdim: true }));
    return { losses: only(contested, softplus(rivals.sub(z))), divisor: countOf(positives, z) };
  },
  {
    defaults: { temperature: 0.07, against: "negatives" },
    distance: cosineMeasure,
    check: ({ temperature, against }) => {
      checkPositive("infoNceLoss", "temperature", temperature);
      checkOneOf("infoNceLoss", "against", against, ["negatives", "all"]);
    },
  },
);

/** `infoNceLoss` with its options kept. */
export const InfoNCELoss = /* @__PURE__ */ pairLossClass("InfoNCELoss", infoNceLoss);
