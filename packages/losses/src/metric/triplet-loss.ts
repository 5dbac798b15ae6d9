import { arange, argmin, type Tensor, where } from "@tenon/numerics";
import { checkOneOf, checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { softplus } from "../core/softplus.ts";
import { type AverageOptions, averaged } from "./average.ts";
import { definePairLoss, type PairBatch, pairLossClass, pick } from "./define-pair-loss.ts";
import { only } from "./masked.ts";
import { lpMeasure } from "./measure.ts";
import { type ChosenTriplets, tripletsOf } from "./triplets.ts";

/** Which triplets count, d being distances: see `tripletLoss`. */
export type TripletMining = "all" | "hard" | "semihard" | "easy" | "batchHard";

export interface TripletLossOptions extends AverageOptions {
  /** By how much the negative must be farther than the positive. Default 0.05. */
  readonly margin: number;
  /**
   * "all"; "hard": the negative is closer than the positive; "semihard": it is farther, but within the margin; "easy": it is beyond the margin; "batchHard": of
   * each anchor the farthest positive and the closest negative. Default "all".
   */
  readonly mining: TripletMining;
  /** `log(1 + e^x)` instead of `max(x, 0)`. Default false. */
  readonly smooth: boolean;
  /** Takes the closer of anchor and positive to the negative. Default false. */
  readonly swap: boolean;
}

/**
 * Triplet loss over the triplets of a batch: a positive pair must be closer than a negative pair of the same anchor by a margin.
 *
 *     loss_apn = max(0, d_ap - d_an + margin)        with `smooth`: log(1 + e^(d_ap - d_an + margin))
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[T]` with `reduction: "none"`: one a triplet (of `indices`, or by anchor, positive and negative), one
 * an anchor for "batchHard". "mean" divides by the triplets with a loss above 0 (`average: "all"`: by all that count). For similarities (cosine)
 * the difference is s_an - s_ap.
 *
 * Default: L2 distance of normalised embeddings and margin 0.05, as pytorch-metric-learning; FaceNet squares the distance
 * (`lpMeasure({ power: 2 })`) and takes 0.2. `smooth` does not overflow.
 * Source: Schroff et al., "FaceNet" (2015), arXiv 1503.03832; Hermans et al., "In Defense of the Triplet Loss" (2017), arXiv 1703.07737.
 * @throws ArgumentError for an unknown `mining`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example tripletLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1], { margin: 0.2 }).item() // 0.20000000298023224
 */
export const tripletLoss = /* @__PURE__ */ definePairLoss<TripletLossOptions>(
  "tripletLoss",
  (batch, options): Losses => {
    const { margin, mining, smooth, average = smooth ? "all" : "active" } = options;
    const triplets = mining === "batchHard" ? hardestOf(batch) : tripletsOf(batch);
    const excess = excessOf(batch, triplets, options.swap);
    const counted = chosenBy(mining, triplets.valid, excess.detach(), margin);
    const violation = excess.add(margin);
    return averaged(only(counted, smooth ? softplus(violation) : violation.relu()), counted, average);
  },
  {
    defaults: { margin: 0.05, mining: "all", smooth: false, swap: false },
    distance: lpMeasure,
    check: ({ margin, mining, average = "all" }) => {
      checkOption("tripletLoss", "margin", String(margin), "a number", Number.isFinite(margin));
      checkOneOf("tripletLoss", "mining", mining, ["all", "hard", "semihard", "easy", "batchHard"]);
      checkOneOf("tripletLoss", "average", average, ["active", "all"]);
    },
  },
);

/** `tripletLoss` with its options kept. */
export const TripletLoss = /* @__PURE__ */ pairLossClass("TripletLoss", tripletLoss);

/** By how much the positive is farther than the negative. */
function excessOf(batch: PairBatch, { anchors, positives, negatives }: ChosenTriplets, swap: boolean): Tensor {
  const { measure } = batch;
  const [near, far] = [pick(batch.values(), anchors, positives), pick(batch.values(), anchors, negatives)];
  if (!swap) return batch.beyond(near, far);
  const others = pick(measure.matrix(batch.references, batch.references), positives, negatives);
  return batch.beyond(near, measure.similarity ? far.maximum(others) : far.minimum(others));
}

// What is NaN counts in each, so that it shows in the loss.
function chosenBy(mining: TripletMining, valid: Tensor, excess: Tensor, margin: number): Tensor {
  const violation = excess.add(margin);
  if (mining === "hard") return valid.logicalAnd(excess.le(0).logicalNot());
  if (mining === "semihard") return valid.logicalAnd(excess.gt(0).logicalOr(violation.le(0)).logicalNot());
  if (mining === "easy") return valid.logicalAnd(violation.gt(0).logicalNot());
  return valid;
}

/** For every anchor its farthest positive and its closest negative. */
function hardestOf(batch: PairBatch): ChosenTriplets {
  const closeness = batch.similarities().detach();
  const positives = argmin(where(batch.positives, closeness, Number.POSITIVE_INFINITY), 1);
  const negatives = where(batch.negatives, closeness, Number.NEGATIVE_INFINITY).argmax(1);
  const n = closeness.shape[0]!;
  return {
    anchors: arange(0, n, 1, { dtype: "int64" }),
    positives,
    negatives,
    valid: batch.positives.any(1).logicalAnd(batch.negatives.any(1)),
  };
}
