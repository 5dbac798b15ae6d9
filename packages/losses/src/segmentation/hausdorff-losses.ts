import {
  amax,
  amin,
  asTensor,
  formatShape,
  log1p,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkOneOf, checkOption, checkPositive } from "../core/check-option.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { type OverlapOptions, weighClasses } from "./define-overlap-loss.ts";
import { borderDistances, type Spacing } from "./distance-maps.ts";
import { shifted } from "./neighbours.ts";
import { difference } from "./overlap.ts";
import { pixelMean } from "./pixel-mean.ts";
import { classWeights, ofClasses, type Regions, regions, type SegmentationOptions } from "./regions.ts";

export interface HausdorffErosionLossOptions
  extends SegmentationOptions,
    Pick<OverlapOptions, "batch" | "weight" | "normalize"> {
  /** Exponent of distances, or of the number of erosions. Default 2. */
  readonly alpha?: number;
  /** Gives `log(1 + loss)` of each class. Default false. */
  readonly log?: boolean;
  /** How often errors are eroded, by the erosion form. Default 10. */
  readonly erosions?: number;
}

export interface HausdorffDistanceLossOptions extends Omit<HausdorffErosionLossOptions, "erosions"> {
  /** Whose borders distances are taken from: those of prediction and truth, or of the truth alone. Default "both". */
  readonly sides?: "both" | "target";
  /** Size of a pixel, one for all spatial dimensions or one for each. Default 1. */
  readonly spacing?: Spacing;
  /** Distances to the truth's borders computed before, in the input's shape. Default computed here. */
  readonly targetDistance?: TensorArg;
  /** Distances to the prediction's borders computed before, in the input's shape. Default computed here. */
  readonly predictionDistance?: TensorArg;
}

/**
 * Hausdorff distance loss by distance transforms: errors weighted with their distance to the borders of prediction and truth.
 *
 *     loss = mean over the pixels of (p - t)^2 (D_p^alpha + D_t^alpha)
 *
 * D is the Euclidean distance of a pixel to the nearest one of the other kind, p above 0.5 and t above 0.5 being inside; 0 if there is no other kind. Distances
 * that are computed here are constants in the gradient.
 *
 * Shapes: as `diceLoss`, with any number of spatial dimensions; to a scalar, or `[N, C]` with `reduction: "none"` (`[C]` with `batch: true`, a mean over the batch).
 * The background does not count by default, as in MONAI. Distances read values: an exported graph needs `targetDistance` and either `predictionDistance` or
 * `sides: "target"`.
 * Source: Karimi and Salcudean, "Reducing the Hausdorff distance in medical image segmentation with convolutional neural networks" (2019), arXiv 1904.10030.
 * @throws UnsupportedError when a graph that computes distances is exported; ShapeError, ArgumentError and the rest as `diceLoss`.
 * @example hausdorffDistanceLoss([[[2, -1, 0.5, 1]]], [[[1, 0, 0, 0]]]).item() // 2.264540433883667
 */
export const hausdorffDistanceLoss = /* @__PURE__ */ lossFunction(
  "hausdorffDistanceLoss",
  (input: TensorArg, target: TensorArg, options: HausdorffDistanceLossOptions): Losses => {
    const op = "hausdorffDistanceLoss";
    const { alpha = 2, sides = "both", spacing = 1 } = options;
    checkPositive(op, "alpha", alpha);
    checkOneOf(op, "sides", sides, ["both", "target"]);
    const images = regions(op, input, target, { includeBackground: false, ...options });
    const { shape, firstClass, predicted } = images;
    const field = (values: Tensor, given: TensorArg | undefined) => {
      const distances =
        given === undefined
          ? borderDistances(op, ofClasses(values, firstClass).detach().gt(0.5), shape.slice(2), spacing)
          : ofClasses(givenMap(op, given, images, options.dim), firstClass);
      return alpha === 2 ? distances.square() : distances.pow(alpha);
    };
    const toTarget = field(images.truth(), options.targetDistance);
    const weights = sides === "target" ? toTarget : field(predicted.p, options.predictionDistance).add(toTarget);
    const errors = ofClasses(difference(images), firstClass).square().mul(weights);
    return finish(op, errors, images, options);
  },
);

/** `hausdorffDistanceLoss` with its options kept. */
export const HausdorffDistanceLoss = /* @__PURE__ */ lossClass("HausdorffDistanceLoss", hausdorffDistanceLoss);

/**
 * Hausdorff distance loss by erosions: the longer an error survives being eroded, the more it counts.
 *
 *     loss = mean over the pixels of sum_k k^alpha e_k,    e_0 = (p - t)^2,    e_k = scaled(relu(cross * e_(k-1) - 0.5))
 *
 * The cross is the mean of a pixel and its direct neighbours (zeros outside of the image); each erosion is scaled to reach from 0 to 1 in each image and class,
 * unless it is the same everywhere.
 *
 * Shapes and defaults as `hausdorffDistanceLoss`; it reads no values and can be exported.
 * Source: Karimi and Salcudean (2019), arXiv 1904.10030; details as in the widely used port (PatRyg99/HausdorffLoss).
 * Differs from that: it has a gradient.
 * @throws as `diceLoss`; ArgumentError unless erosions is a whole number of 1 or more.
 * @example hausdorffErosionLoss([[[[-4, -4, -4], [4, 4, 4], [4, 4, 4]]]], [[[[1, 1, 1], [0, 0, 0], [0, 0, 0]]]]).item() // 0.7777777910232544
 */
export const hausdorffErosionLoss = /* @__PURE__ */ lossFunction(
  "hausdorffErosionLoss",
  (input: TensorArg, target: TensorArg, options: HausdorffErosionLossOptions): Losses => {
    const op = "hausdorffErosionLoss";
    const { alpha = 2, erosions = 10 } = options;
    checkPositive(op, "alpha", alpha);
    checkOption(op, "erosions", erosions, "a whole number of 1 or more", Number.isInteger(erosions) && erosions >= 1);
    const images = regions(op, input, target, { includeBackground: false, ...options });
    const errors = ofClasses(difference(images), images.firstClass).square();
    let left = errors.reshape([...errors.shape.slice(0, 2), ...images.shape.slice(2)]);
    let total: Tensor | undefined;
    for (let k = 1; k <= erosions; k++) {
      left = eroded(left);
      const counted = left.mul(k ** alpha);
      total = total === undefined ? counted : total.add(counted);
    }
    return finish(op, total!.reshape(errors.shape), images, options);
  },
);

/** `hausdorffErosionLoss` with its options kept. */
export const HausdorffErosionLoss = /* @__PURE__ */ lossClass("HausdorffErosionLoss", hausdorffErosionLoss);

function finish(op: string, errors: Tensor, images: Regions, options: HausdorffErosionLossOptions): Losses {
  const means = pixelMean(errors, images, options.batch ?? false);
  const losses = options.log === true ? log1p(means) : means;
  return weighClasses(losses, undefined, classWeights(op, options.weight, images), options);
}

function givenMap(op: string, given: TensorArg, { shape, predicted }: Regions, dim = 1): Tensor {
  const map = asTensor(given);
  const placed = map.ndim === shape.length ? map.movedim(dim, 1) : map;
  if (!sameShape(placed.shape, shape)) {
    throw new ShapeError({
      op,
      rule: "a map of distances needs the input's shape",
      received: formatShape(map.shape),
    });
  }
  return doubles(placed)[0].reshape(predicted.p.shape);
}

/** One soft erosion by a cross, scaled to [0, 1]. */
function eroded(x: Tensor): Tensor {
  const space = Array.from({ length: x.ndim - 2 }, (_, i) => i + 2);
  const neighbours = space.flatMap((dim) => [shifted(x, dim, 1), shifted(x, dim, -1)]);
  const mean = neighbours.reduce((sum, y) => sum.add(y), x).div(neighbours.length + 1);
  const rest = mean.sub(0.5).relu();
  if (space.length === 0 || x.size === 0) return rest;
  const least = amin(rest, space, { keepdim: true });
  const range = amax(rest, space, { keepdim: true }).sub(least);
  const varied = range.gt(0);
  return where(varied, rest.sub(least).div(where(varied, range, 1)), rest);
}
