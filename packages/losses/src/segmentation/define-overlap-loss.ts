import { full, log1p, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { type CountOptions, type Counts, overlap } from "./overlap.ts";
import { checkSmoothing, classWeights, type Regions, regions, type SegmentationOptions } from "./regions.ts";

/** What every loss of overlapping regions can be told. */
export interface OverlapOptions extends SegmentationOptions, CountOptions {
  /**
   * "macro": a loss for each class. "micro": the classes' counts are added up, weighted, and make one loss, which leaves nothing to `absent` and `normalize`.
   * Default "macro".
   */
  readonly average?: "macro" | "micro";
  /**
   * What a class without a true pixel contributes: what the formula gives ("keep"), 0 ("zero"), or nothing, not even to the mean's divisor ("skip").
   * Default "keep".
   */
  readonly absent?: "keep" | "zero" | "skip";
  /** Factor of each class, `[C]`, the background included whether it counts or not. Default none. */
  readonly weight?: TensorArg;
  /** What the mean divides by where there are weights: the number of losses, or the weights' sum. Default "count". */
  readonly normalize?: "count" | "weights";
  /** Added to the hits in the numerator of the score. Default 1e-5 unless the loss says otherwise. */
  readonly smoothNumerator?: number;
  /** Added to the score's denominator; not less than `smoothNumerator`. Default 1e-5 unless the loss says otherwise. */
  readonly smoothDenominator?: number;
  /** Gives `-log score` instead of `1 - score`. Default false. */
  readonly log?: boolean;
}

/** A score of overlap: `hits tp / (hits tp + fp FP + fn FN)`. */
export interface OverlapScore {
  readonly hits: number;
  readonly fp: number;
  readonly fn: number;
  /** What becomes of each loss. Default itself. */
  readonly shape?: (loss: Tensor) => Tensor;
}

export type OverlapLoss<O> = Loss<[input: TensorArg, target: TensorArg], Partial<O> & OverlapOptions>;

/** Defines a loss by its score: checks, activation, counting, smoothing, weights, absent classes and reduction come with it. */
export function defineOverlapLoss<O extends object = object>(
  name: string,
  scoreOf: (options: O) => OverlapScore,
  defaults: OverlapOptions & O,
): OverlapLoss<O> {
  const single = (input: TensorArg, target: TensorArg, given: Partial<O> & OverlapOptions): Losses => {
    const options = { ...defaults, ...given };
    return overlapLosses(name, regions(name, input, target, options), scoreOf(options), options);
  };
  return lossFunction(name, single) as OverlapLoss<O>;
}

/** The losses of a score, class by class or pooled. */
export function overlapLosses(op: string, images: Regions, score: OverlapScore, options: OverlapOptions): Losses {
  const { smoothNumerator = 1e-5, smoothDenominator = 1e-5, log = false } = options;
  const smooth = { smoothNumerator, smoothDenominator, log };
  checkSmoothing(op, smoothNumerator, smoothDenominator);
  const counts = checkedCounts(op, images, options);
  const weights = classWeights(op, options.weight, images);
  const errors = counts.fp.mul(score.fp).add(counts.fn.mul(score.fn));
  const hits = counts.tp.mul(score.hits);
  const { shape = (loss: Tensor) => loss } = score;
  if (options.average === "micro") {
    return { losses: shape(ratioLoss(pooled(hits, weights), pooled(errors, weights), smooth)) };
  }
  return weighClasses(shape(ratioLoss(hits, errors, smooth)), counts, weights, options);
}

function checkChoices(op: string, { absent = "keep", average = "macro" }: OverlapOptions): void {
  checkOneOf(op, "absent", absent, ["keep", "zero", "skip"]);
  checkOneOf(op, "average", average, ["macro", "micro"]);
}

/** Counts of all classes as one, weighted. */
export function pooled(counts: Tensor, weights: Tensor | undefined): Tensor {
  return (weights === undefined ? counts : counts.mul(weights)).sum(-1);
}

interface Smoothing {
  readonly smoothNumerator: number;
  readonly smoothDenominator: number;
  readonly log: boolean;
}

/**
 * `1 - (hits + s_n) / (hits + errors + s_d)` as errors over their total, which keeps the tiny loss of a good prediction; nothing against nothing costs 0.
 * The logarithm of the score is likewise `log1p(errors / hits)`.
 */
export function ratioLoss(
  hits: Tensor,
  errors: Tensor,
  { smoothNumerator, smoothDenominator, log }: Smoothing,
): Tensor {
  const right = smoothNumerator === 0 ? hits : hits.add(smoothNumerator);
  const surplus = smoothDenominator - smoothNumerator;
  const wrong = surplus === 0 ? errors : errors.add(surplus);
  if (!log) {
    const total = right.add(wrong);
    const empty = total.eq(0);
    return where(empty, 0, wrong.div(where(empty, 1, total)));
  }
  const none = right.le(0);
  const finite = log1p(wrong.div(where(none, 1, right)));
  const infinite = full([], Number.POSITIVE_INFINITY, { dtype: finite.dtype });
  return where(none.logicalAnd(wrong.gt(0)), infinite, where(none.logicalAnd(wrong.eq(0)), 0, finite));
}

/** Losses `[N, C]` or `[C]` with weights and absent classes, and what their mean divides by. */
export function weighClasses(
  losses: Tensor,
  counts: Pick<Counts, "size"> | undefined,
  weights: Tensor | undefined,
  { absent = "keep", normalize = "count" }: Pick<OverlapOptions, "absent" | "normalize">,
): Losses {
  const present = absent === "keep" ? undefined : counts?.size().gt(0);
  const weighted = weights === undefined ? losses : losses.mul(weights);
  const kept = present === undefined ? weighted : where(present, weighted, 0);
  const counted = weights === undefined || normalize === "count" ? undefined : weights;
  if (counted === undefined && absent !== "skip") return { losses: kept };
  const share = (counted ?? full([], 1, { dtype: losses.dtype })).expand(losses.shape);
  return { losses: kept, divisor: (absent === "skip" ? where(present!, share, 0) : share).sum() };
}

/** The counts of images, for losses with a formula of their own. */
export function checkedCounts(op: string, images: Regions, options: OverlapOptions): Counts {
  checkChoices(op, options);
  return overlap(images, options);
}
