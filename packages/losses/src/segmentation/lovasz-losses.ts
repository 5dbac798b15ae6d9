import { cumsum, gather, isnan, sort, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { type OverlapOptions, weighClasses } from "./define-overlap-loss.ts";
import { classWeights, ofClasses, type Regions, regions, type SegmentationOptions } from "./regions.ts";

export interface LovaszLossOptions
  extends SegmentationOptions,
    Pick<OverlapOptions, "batch" | "weight" | "normalize" | "absent"> {}

export type LovaszHingeLossOptions = Omit<LovaszLossOptions, "activation">;

/**
 * Lovász hinge loss, the convex surrogate of the Jaccard loss for foreground masks: margins `1 - (2 t - 1) x` are sorted, and each positive one is weighted with
 * what its pixel adds to the Jaccard loss in that order.
 *
 * Shapes: input logits `[N, C, d1, ...]`, each channel a foreground of its own (mostly C = 1); target masks of 0 and 1 in the input's shape, or class indices
 * `[N, d1, ...]`; to a scalar, or `[C]` with `reduction: "none"`. The pixels of the whole batch are sorted together; with `batch: false` those of each
 * image (`[N, C]`).
 *
 * The weights are computed in closed form instead of as differences, so that they do not cancel for large images; order among equals makes no difference.
 * Source: Berman et al., "The Lovász-Softmax loss" (2018), arXiv 1705.08790.
 * @throws as `diceLoss`.
 * @example lovaszHingeLoss([[[2, -1, 0.5]]], [[[1, 0, 0]]]).item() // 0.75
 */
export const lovaszHingeLoss = /* @__PURE__ */ lossFunction(
  "lovaszHingeLoss",
  (input: TensorArg, target: TensorArg, options: LovaszHingeLossOptions): Losses => {
    const images = regions("lovaszHingeLoss", input, target, { ...options, activation: "none" });
    const t = images.truth().detach();
    const margins = images.logits.mul(t.mul(2).sub(1)).neg().add(1).relu();
    const errors = images.kept === undefined ? margins : where(images.kept, margins, 0);
    return extension("lovaszHingeLoss", images, errors, t, { absent: "keep", ...options });
  },
);

/** `lovaszHingeLoss` with its options kept. */
export const LovaszHingeLoss = /* @__PURE__ */ lossClass("LovaszHingeLoss", lovaszHingeLoss);

/**
 * Lovász softmax loss, the surrogate of the Jaccard loss for classes: errors `1 - p` of a class's own pixels and `p` of the others are sorted, and each is
 * weighted with what its pixel adds to the class's Jaccard loss in that order.
 *
 * Shapes: as `diceLoss`, a target per channel being masks of 0 and 1, to a scalar, or `[C]` with `reduction: "none"` (`[N, C]` with `batch: false`). The mean
 * is over the classes that are present in the truth; `absent: "keep"` averages over all.
 * Source: Berman et al., "The Lovász-Softmax loss" (2018), arXiv 1705.08790.
 * Differs from the authors' code: takes logits by default; with `batch: false` the mean is over the classes present in all images together, not over images of
 * the mean of each; nothing to count gives the mean of nothing (`onEmpty`), not 0.
 * @throws as `diceLoss`.
 * @example lovaszSoftmaxLoss([[[2, -1, 0], [0, 1, 0]]], [[0, 1, 1]]).item() // 0.30960145592689514
 */
export const lovaszSoftmaxLoss = /* @__PURE__ */ lossFunction(
  "lovaszSoftmaxLoss",
  (input: TensorArg, target: TensorArg, options: LovaszLossOptions): Losses => {
    const images = regions("lovaszSoftmaxLoss", input, target, options);
    const t = images.truth().detach();
    const { predicted } = images;
    const errors = where(t.gt(0.5), predicted.q(), predicted.p);
    return extension("lovaszSoftmaxLoss", images, errors, t, { absent: "skip", ...options });
  },
);

/** `lovaszSoftmaxLoss` with its options kept. */
export const LovaszSoftmaxLoss = /* @__PURE__ */ lossClass("LovaszSoftmaxLoss", lovaszSoftmaxLoss);

/** The Lovász extension of the Jaccard loss at `errors`, class by class; what does not count has error 0 there, and so comes last. */
function extension(op: string, images: Regions, errors: Tensor, truth: Tensor, options: LovaszLossOptions): Losses {
  const { batch = true, absent = "keep" } = options;
  checkOneOf(op, "absent", absent, ["keep", "zero", "skip"]);
  const [n, classes, pixels] = errors.shape as [number, number, number];
  const rows = (values: Tensor) => (batch ? values.movedim(1, 0).reshape([classes, n * pixels]) : values);
  const { values, indices } = sort(rows(errors), -1, { descending: true });
  const own = gather(rows(truth), -1, indices);
  const weights = jaccardSteps(own);
  // An infinite error may meet a weight of 0; NaN is not to be hidden there.
  const losses = where(weights.gt(0).logicalOr(isnan(values)), values, 0)
    .mul(weights)
    .sum(-1);
  const size = own.sum(-1);
  const first = images.firstClass;
  const some = (perClass: Tensor) => ofClasses(perClass, first, -1);
  return weighClasses(some(losses), { size: () => some(size) }, classWeights(op, options.weight, images), options);
}

/**
 * What each pixel, added as an error after those before it, adds to the Jaccard loss: 1 / U for one of the region, I / (U (U - 1)) for one outside, with
 * intersection I and union U after it. The first pixel outside of an empty region adds all there is.
 */
function jaccardSteps(own: Tensor): Tensor {
  const size = own.sum(-1, { keepdim: true });
  const intersection = size.sub(cumsum(own, -1));
  const union = size.add(cumsum(own.neg().add(1), -1));
  const several = union.gt(1);
  const outside = intersection.div(union.mul(where(several, union.sub(1), 1)));
  return where(own.gt(0.5), where(union.gt(0), union, 1).pow(-1), where(several, outside, 1));
}
