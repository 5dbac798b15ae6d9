import type { Tensor } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { type Average, type AverageOptions, averagedApart } from "./average.ts";
import { definePairLoss, type PairBatch, pairLossClass } from "./define-pair-loss.ts";
import { only } from "./masked.ts";
import { lpMeasure, snrMeasure } from "./measure.ts";

export interface ContrastiveLossOptions extends AverageOptions {
  /** Positive pairs are drawn together until they are this close. Default 0. */
  readonly positiveMargin: number;
  /** Negative pairs are driven apart until they are this far. Default 1. */
  readonly negativeMargin: number;
  /** 2 squares the single losses, as the paper does. Default 1. */
  readonly power: 1 | 2;
}

/**
 * Contrastive loss: positive pairs at most, negative pairs at least so far apart.
 *
 *     loss = max(0, d - positiveMargin)^power for positive pairs,  max(0, negativeMargin - d)^power for negative ones
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[N, M]` with `reduction: "none"` (0 where there is no pair). "mean" is the mean over positive pairs plus the
 * mean over negative ones, each over those with a loss above 0 (`average: "all"`: over all): there are many more negative pairs. So `parts()` of several
 * batches average batches, not pairs. For a similarity the signs turn round: positive pairs at least `positiveMargin`.
 *
 * Default: L2 distance of normalised embeddings, not squared, as pytorch-metric-learning. Equal embeddings have distance 0 exactly, and gradient 0.
 * Source: Hadsell et al., "Dimensionality Reduction by Learning an Invariant Mapping" (2006), which squares.
 * @throws ArgumentError, ShapeError; DTypeError for labels that are no whole numbers.
 * @example contrastiveLoss([[1, 0], [1, 0], [0, 1]], [0, 0, 1], { negativeMargin: 2 }).item() // 0.5857864618301392
 */
export const contrastiveLoss = /* @__PURE__ */ definePairLoss<ContrastiveLossOptions>(
  "contrastiveLoss",
  (batch, options): Losses => contrast(batch, options, options),
  {
    defaults: { positiveMargin: 0, negativeMargin: 1, power: 1 },
    distance: lpMeasure,
    check: ({ power, average = "all" }) => {
      checkOneOf("contrastiveLoss", "power", String(power), ["1", "2"]);
      checkOneOf("contrastiveLoss", "average", average, ["active", "all"]);
    },
  },
);

/** `contrastiveLoss` with its options kept. */
export const ContrastiveLoss = /* @__PURE__ */ pairLossClass("ContrastiveLoss", contrastiveLoss);

export interface SignalToNoiseRatioContrastiveLossOptions extends AverageOptions {
  /** Default 0. */
  readonly positiveMargin: number;
  /** Default 1. */
  readonly negativeMargin: number;
  /** Factor of the regulariser. Default 0. */
  readonly regularization: number;
}

/**
 * Contrastive loss with the noise to signal ratio as distance, and a regulariser that draws the mean of each embedding's elements to 0:
 *
 *     mean contrastive loss + regularization * mean over embeddings of |sum of its elements|
 *
 * Shapes, mean and margins as `contrastiveLoss`; the regulariser is in the mean only. Embeddings are normalised; `snrMeasure({ normalize: false })` leaves them,
 * and the regulariser always takes them as they are.
 * Source: Yuan et al., "Signal-to-Noise Ratio: A Robust Distance Metric for Deep Metric Learning" (2019), arXiv 1904.02616; defaults as pytorch-metric-learning.
 * @throws ArgumentError, ShapeError; DTypeError for labels that are no whole numbers.
 * @example signalToNoiseRatioContrastiveLoss([[1, 0], [1, 0.5], [0, 1]], [0, 0, 1]).item() // 0.9167184233665466
 */
export const signalToNoiseRatioContrastiveLoss =
  /* @__PURE__ */ definePairLoss<SignalToNoiseRatioContrastiveLossOptions>(
    "signalToNoiseRatioContrastiveLoss",
    (batch, options): Losses => {
      const made = contrast(batch, { ...options, power: 1 }, options);
      if (options.regularization === 0 || (options.reduction ?? "mean") !== "mean") return made;
      const imbalance = batch.embeddings.sum(-1).abs().mean();
      return { ...made, losses: (made.losses as Tensor).sum().add(imbalance.mul(options.regularization)) };
    },
    {
      defaults: { positiveMargin: 0, negativeMargin: 1, regularization: 0 },
      distance: snrMeasure,
      check: ({ average = "all" }) => {
        checkOneOf("signalToNoiseRatioContrastiveLoss", "average", average, ["active", "all"]);
      },
    },
  );

/** `signalToNoiseRatioContrastiveLoss` with its options kept. */
export const SignalToNoiseRatioContrastiveLoss = /* @__PURE__ */ pairLossClass(
  "SignalToNoiseRatioContrastiveLoss",
  signalToNoiseRatioContrastiveLoss,
);

function contrast(
  batch: PairBatch,
  { positiveMargin, negativeMargin, power }: ContrastiveLossOptions,
  { average = "active", ...options }: { readonly average?: Average } & ReductionOptions,
): Losses {
  const values = batch.values();
  const shaped = (x: Tensor) => (power === 2 ? x.relu().square() : x.relu());
  const { positives, negatives } = batch;
  const tooFar = only(positives, shaped(batch.beyond(values, positiveMargin)));
  const tooClose = only(negatives, shaped(batch.beyond(values, negativeMargin).neg()));
  return averagedApart(
    [
      { losses: tooFar, mask: positives },
      { losses: tooClose, mask: negatives },
    ],
    average,
    options,
  );
}
