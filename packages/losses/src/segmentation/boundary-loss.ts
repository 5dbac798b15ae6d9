import { asTensor, formatShape, ShapeError, sameShape, type Tensor, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { type OverlapOptions, weighClasses } from "./define-overlap-loss.ts";
import { pixelMean } from "./pixel-mean.ts";
import { classWeights, ofClasses, regions, type SegmentationOptions } from "./regions.ts";

const OP = "boundaryLoss";

export interface BoundaryLossOptions
  extends Omit<SegmentationOptions, "ignoreIndex">,
    Pick<OverlapOptions, "batch" | "weight" | "normalize"> {}

/**
 * Boundary loss: the mean over the pixels of probability times signed distance to the true region, for each class of each image. It is negative for predictions
 * inside of the truth; train it together with a region loss (`diceLoss`), its factor growing.
 *
 * Shapes: input logits `[N, C, d1, ...]`, `distances` from `signedDistanceMap` in the same shape; to a scalar, or `[N, C]` with `reduction: "none"` (`[C]` with
 * `batch: true`).
 * Source: Kervadec et al., "Boundary loss for highly unbalanced segmentation" (2019), arXiv 1812.07032.
 * @throws ShapeError unless the shapes agree; ArgumentError.
 * @example boundaryLoss([[[2, -1, 0]]], [[[-1, 0, 1]]]).item() // -0.12693235278129578
 */
export const boundaryLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, distances: TensorArg, options: BoundaryLossOptions): Losses => {
    checkMap(asTensor(input), asTensor(distances));
    const images = regions(OP, input, distances, options);
    const products = ofClasses(images.predicted.p.mul(images.truth()), images.firstClass);
    const losses = pixelMean(products, images, options.batch ?? false);
    return weighClasses(losses, undefined, classWeights(OP, options.weight, images), options);
  },
);

/** `boundaryLoss` with its options kept. */
export const BoundaryLoss = /* @__PURE__ */ lossClass("BoundaryLoss", boundaryLoss);

function checkMap(input: Tensor, distances: Tensor): void {
  if (sameShape(input.shape, distances.shape)) return;
  throw new ShapeError({
    op: OP,
    rule: "the distances need the input's shape",
    received: `distances ${formatShape(distances.shape)}, input ${formatShape(input.shape)}`,
    hint: "signedDistanceMap makes them of class indices",
  });
}
