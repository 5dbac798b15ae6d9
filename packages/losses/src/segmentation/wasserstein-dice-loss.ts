import {
  asTensor,
  formatShape,
  gather,
  isTracing,
  matmul,
  ShapeError,
  sameShape,
  scatterAdd,
  type Tensor,
  type TensorArg,
  where,
  zeros,
} from "@tenon/numerics";
import { checkOneOf, checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { type OverlapOptions, ratioLoss } from "./define-overlap-loss.ts";
import { checkSmoothing, classIndices, type Regions, regions, type SegmentationOptions } from "./regions.ts";

const OP = "wassersteinDiceLoss";

export interface WassersteinDiceLossOptions
  extends Omit<SegmentationOptions, "includeBackground">,
    Pick<OverlapOptions, "batch" | "smoothNumerator" | "smoothDenominator"> {
  /**
   * How much a class counts in the true positives: 1, but 0 for the background ("foreground", as in the paper); or 1 over the number of its pixels plus 1, also for
   * the errors ("volume"). Default "foreground".
   */
  readonly weighting?: "foreground" | "volume";
}

/**
 * Generalised Wasserstein Dice loss: a mistake costs as much as its class is far from the right one.
 *
 *     W_i = sum_c D[y_i, c] p_ic,    TP = sum_i a_{y_i} (1 - W_i),    loss = 1 - (2 TP + s_n) / (2 TP + sum_i W_i + s_d)
 *
 * Shapes: input `[N, C, d1, ...]`, target class indices `[N, d1, ...]`, `distances` `[C, C]` (0 on the diagonal; divided by its greatest entry); to a scalar, or
 * `[N]` with `reduction: "none"` (a scalar with `batch: true`). With `weighting: "volume"` the errors are `sum_i a_{y_i} W_i`. Smoothing defaults to 1e-5 both;
 * the distances are constants in the gradient.
 *
 * Source: Fidon et al., "Generalised Wasserstein Dice score for imbalanced multi-class segmentation" (2017), arXiv 1707.00478; the volume weights: Tilborghs
 * et al. (2020), arXiv 2007.15546.
 * @throws ShapeError unless distances is `[C, C]` or for one channel; ArgumentError for distances that are all 0; DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example wassersteinDiceLoss([[[2, -1], [0, 1]]], [[0, 1]], [[0, 1], [1, 0]]).item() // 0.11920232325792313
 */
export const wassersteinDiceLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, distances: TensorArg, options: WassersteinDiceLossOptions): Losses => {
    const { batch = false, smoothNumerator = 1e-5, smoothDenominator = 1e-5, weighting = "foreground" } = options;
    checkSmoothing(OP, smoothNumerator, smoothDenominator);
    checkOneOf(OP, "weighting", weighting, ["foreground", "volume"]);
    const images = regions(OP, input, target, options);
    const index = classIndices(OP, images);
    const costs = costsOf(asTensor(distances), images);
    const { p } = images.predicted;
    // What predicting with these probabilities costs for each true class; each pixel takes that of its own.
    const cost = gather(matmul(costs, p), 1, index).squeeze(1);
    const pixels = index.squeeze(1);
    const kept = images.kept?.squeeze(1);
    const counted = (values: Tensor) => (kept === undefined ? values : where(kept, values, 0));
    const factors = weighting === "volume" ? volumeFactors(images, pixels) : pixels.ne(0).to(p.dtype);
    const total = (values: Tensor) => (batch ? counted(values).sum() : counted(values).sum(1));
    const hits = total(factors.mul(cost.neg().add(1))).mul(2);
    const errors = total(weighting === "volume" ? factors.mul(cost) : cost);
    return { losses: ratioLoss(hits, errors, { smoothNumerator, smoothDenominator, log: false }) };
  },
);

/** `wassersteinDiceLoss` with its options kept. */
export const WassersteinDiceLoss = /* @__PURE__ */ lossClass("WassersteinDiceLoss", wassersteinDiceLoss);

/** The distances between classes, the greatest 1. */
function costsOf(given: Tensor, { shape, predicted }: Regions): Tensor {
  const expected = [shape[1]!, shape[1]!];
  if (!sameShape(given.shape, expected)) {
    throw new ShapeError({
      op: OP,
      rule: "there must be a distance for each pair of classes",
      received: formatShape(given.shape),
      expected: formatShape(expected),
    });
  }
  const distances = given.detach().to(predicted.p.dtype);
  const greatest = distances.amax();
  if (isTracing()) return distances.div(greatest);
  const value = greatest.item() as number;
  checkOption(OP, "distances", value, "0 or more, and not all 0", !(value <= 0));
  return value === 1 ? distances : distances.div(greatest);
}

/** 1 over the number of pixels of its class in its image plus 1, for each pixel. */
function volumeFactors({ kept, shape, predicted }: Regions, pixels: Tensor): Tensor {
  const none = zeros([shape[0]!, shape[1]!], { dtype: predicted.p.dtype });
  const ones = zeros(pixels.shape, { dtype: none.dtype }).add(1);
  const volumes = scatterAdd(none, 1, pixels, kept === undefined ? ones : where(kept.squeeze(1), ones, 0));
  return gather(volumes.add(1).pow(-1), 1, pixels);
}
