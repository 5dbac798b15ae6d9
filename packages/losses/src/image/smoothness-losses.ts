import { formatShape, mean, norm, pad, ShapeError, stack, type Tensor, type TensorArg } from "@tenon/numerics";
import { absPower } from "../core/abs-power.ts";
import { checkAllPositive, checkOneOf } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { addDirections, imagePair, imagesOf, meanOfImage, slopes, spatialDims } from "./images.ts";

export interface TotalVariationOptions {
  /** Whether a pixel's slopes in all directions make one length (Rudin, Osher and Fatemi's form), else they are added. Default false. */
  readonly isotropic?: boolean;
  /** Power of each slope where they are added. Default 1. */
  readonly p?: number;
  /** What becomes of the pixels of one image. Default "sum", as kornia and TensorFlow. */
  readonly pixels?: "sum" | "mean";
}

/**
 * Total variation of images, the price of noise: the sum of `|x_i+1 - x_i|^p` over neighbours in all directions, or of `sqrt(dx^2 + dy^2)` with `isotropic`.
 *
 * Shapes: input `[n, c, h, w]` (any number of sizes after the channels), to a scalar, or `[n]` with `reduction: "none"`. Flat places have derivative 0. With
 * `pixels: "mean"` the directions' means are added. Source: Rudin, Osher and Fatemi, "Nonlinear total variation based noise removal algorithms" (1992).
 * @throws ShapeError for fewer than three dimensions; ArgumentError unless p is above 0, or for unknown `pixels`.
 * @example totalVariationLoss([[[[0, 1], [3, 3]]]]).item() // 6
 */
export const totalVariationLoss = /* @__PURE__ */ lossFunction(
  "totalVariationLoss",
  (input: TensorArg, { isotropic = false, p = 1, pixels = "sum" }: TotalVariationOptions): Tensor => {
    checkAllPositive("totalVariationLoss", { p });
    checkOneOf("totalVariationLoss", "pixels", pixels, ["sum", "mean"]);
    const x = imagesOf("totalVariationLoss", input);
    const fold = (v: Tensor) => (pixels === "mean" ? meanOfImage(v) : v.flatten(1).sum(1));
    if (!isotropic || x.size === 0) return addDirections(x, (dim) => fold(absPower(slopes(x, dim), p)));
    // A last pixel has no step.
    const whole = spatialDims(x).map((dim) => pad(slopes(x, dim), [...Array(2 * (x.ndim - 1 - dim)).fill(0), 0, 1]));
    return fold(norm(stack(whole, 0), 0));
  },
);

/** `totalVariationLoss` with its options kept. */
export const TotalVariationLoss = /* @__PURE__ */ lossClass("TotalVariationLoss", totalVariationLoss);

export interface ImageGradientOptions {
  /** Power of the differences. Default 1. */
  readonly alpha?: number;
  /** Compares the steepness only, as the paper does; else steps up and down differ. Default true. */
  readonly magnitudes?: boolean;
}

/**
 * Gradient difference loss, which keeps edges sharp: the mean of `| |x_i+1 - x_i| - |t_i+1 - t_i| |^alpha` over neighbours, added over directions.
 *
 * Shapes: input and target `[n, c, h, w]` (any number of sizes after the channels), to a scalar, or `[n]` with `reduction: "none"`.
 * Source: Mathieu et al., "Deep multi-scale video prediction beyond mean square error" (2016), arXiv 1511.05440; there it is a sum.
 * @throws ShapeError if the shapes differ; ArgumentError unless alpha is above 0.
 * @example imageGradientLoss([[[[0, 1], [0, 1]]]], [[[[0, 3], [0, 3]]]]).item() // 2
 */
export const imageGradientLoss = /* @__PURE__ */ lossFunction(
  "imageGradientLoss",
  (input: TensorArg, target: TensorArg, { alpha = 1, magnitudes = true }: ImageGradientOptions): Tensor => {
    checkAllPositive("imageGradientLoss", { alpha });
    const [x, t] = imagePair("imageGradientLoss", input, target);
    const steps = (v: Tensor, dim: number) => (magnitudes ? slopes(v, dim).abs() : slopes(v, dim));
    return addDirections(x, (dim) => meanOfImage(absPower(steps(x, dim).sub(steps(t, dim)), alpha)));
  },
);

/** `imageGradientLoss` with its options kept. */
export const ImageGradientLoss = /* @__PURE__ */ lossClass("ImageGradientLoss", imageGradientLoss);

export interface EdgeAwareSmoothnessOptions {
  /** How much an edge of the image excuses a step: the factor in the exponent. Default 1. */
  readonly edgeScale?: number;
}

/**
 * Edge-aware smoothness of a depth map or optical flow: the mean of `|d_i+1 - d_i| e^(-s |I_i+1 - I_i|)` over neighbours, added over directions; steps cost
 * less where the image has an edge. The image's steps are averaged over its channels.
 *
 * Shapes: input (the map) `[n, c, h, w]`, image `[n, k, h, w]`, to a scalar, or `[n]` with `reduction: "none"`.
 * Source: Godard et al., "Unsupervised Monocular Depth Estimation with Left-Right Consistency" (CVPR 2017), arXiv 1609.03677; defaults as kornia's.
 * @throws ShapeError unless map and image are batches of one size; ArgumentError unless edgeScale is above 0.
 * @example edgeAwareSmoothnessLoss([[[[0, 1]]]], [[[[0, 2]]]]).item() // 0.1353352814912796
 */
export const edgeAwareSmoothnessLoss = /* @__PURE__ */ lossFunction(
  "edgeAwareSmoothnessLoss",
  (input: TensorArg, image: TensorArg, { edgeScale = 1 }: EdgeAwareSmoothnessOptions): Tensor => {
    checkAllPositive("edgeAwareSmoothnessLoss", { edgeScale });
    const [map, picture] = [imagesOf("edgeAwareSmoothnessLoss", input), imagesOf("edgeAwareSmoothnessLoss", image)];
    checkSizes(map, picture);
    return addDirections(map, (dim) => {
      const edges = mean(slopes(picture, dim).abs(), 1, { keepdim: true });
      return meanOfImage(slopes(map, dim).abs().mul(edges.mul(-edgeScale).exp()));
    });
  },
);

/** `edgeAwareSmoothnessLoss` with its options kept. */
export const EdgeAwareSmoothnessLoss = /* @__PURE__ */ lossClass("EdgeAwareSmoothnessLoss", edgeAwareSmoothnessLoss);

function checkSizes(map: Tensor, image: Tensor): void {
  if (map.ndim === image.ndim && map.shape.every((size, i) => i === 1 || size === image.shape[i])) return;
  throw new ShapeError({
    op: "edgeAwareSmoothnessLoss",
    rule: "map and image differ in more than their channels",
    received: `input ${formatShape(map.shape)}, image ${formatShape(image.shape)}`,
  });
}
