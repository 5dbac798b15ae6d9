import { cos, norm, sin, type Tensor, where } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";
import { rowProducts, sineBetween } from "./unit-rows.ts";

export interface AdaFaceLossOptions {
  /** The margin m. Default 0.4. */
  readonly margin: number;
  /** How far the margin follows the quality. Default 0.333. */
  readonly concentration: number;
  /** What cosines are multiplied by. Default 64. */
  readonly scale: number;
  /** The mean and the standard deviation of embeddings' lengths, where they are tracked over batches. Default those of this batch. */
  readonly norms?: { readonly mean: number; readonly deviation: number };
}

const NAME = "adaFaceLoss";

/**
 * AdaFace: a margin that suits the image's quality, for which the length of the embedding stands. Good images (q near 1) are held to an additive margin and a negative
 * angular one, which stresses the hard among them; bad ones (q near -1) to an angular one, which does not.
 *
 *     loss = -log softmax(scale * z)[y],  z_y = cos(theta_y - m q) - m (1 + q),  z_c = cos theta_c elsewhere
 *     q = concentration * (|embedding| - mean) / (deviation + 0.001), kept between -1 and 1
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class); to a scalar, or `[N]` with `reduction: "none"`. Lengths are kept between 0.001 and
 * 100, and are constants to the gradient. The angle theta - m q stays between 0 and 180 degrees. The sine as in `arcFaceLoss`.
 * Source: Kim et al., "AdaFace: Quality Adaptive Margin for Face Recognition" (2022), arXiv 2204.00964. With the vectors as a parameter: `AdaFaceLoss`.
 * Differs from the authors' code: no clamp of the cosines and angles by 0.001; a single embedding has q = 0, where the deviation of one number was NaN.
 * @throws ArgumentError for a margin outside 0 to pi, a scale or deviation that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example adaFaceLoss([[1, 0], [0, 1]], [0, 1], [[1, 0], [0, 1]], { scale: 4 }).item() // 0.08683615177869797
 */
export const adaFaceLoss = /* @__PURE__ */ defineClassWeightLoss<AdaFaceLossOptions>(
  NAME,
  (vectors, { margin, concentration, scale, norms }) => {
    const [x, w] = vectors.targetPairs();
    const lengths = norm(vectors.embeddings.detach(), -1).clamp({ min: 0.001, max: 100 });
    const quality = standardised(lengths, norms).mul(concentration).clamp({ min: -1, max: 1 });
    const angle = quality.mul(-margin);
    const cosine = rowProducts(x, w);
    const turned = cosine.mul(cos(angle)).sub(sineBetween(x, w).mul(sin(angle)));
    const below = angle.lt(0).logicalAnd(cosine.gt(cos(angle)));
    const above = angle.gt(0).logicalAnd(cosine.lt(cos(angle).neg()));
    const kept = where(below, 1, where(above, -1, turned));
    return vectors.withTarget(vectors.cosines(), kept.sub(quality.add(1).mul(margin))).mul(scale);
  },
  {
    defaults: { margin: 0.4, concentration: 0.333, scale: 64 },
    check: ({ margin, concentration, scale, norms }) => {
      checkOption(NAME, "margin", String(margin), "an angle from 0 to pi", margin >= 0 && margin <= Math.PI);
      checkOption(NAME, "concentration", String(concentration), "0 or more", concentration >= 0);
      checkPositive(NAME, "scale", scale);
      if (norms !== undefined) checkPositive(NAME, "norms.deviation", norms.deviation);
    },
  },
);

/** `adaFaceLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const AdaFaceLoss = /* @__PURE__ */ classWeightLossClass("AdaFaceLoss", adaFaceLoss);

function standardised(lengths: Tensor, given: AdaFaceLossOptions["norms"]): Tensor {
  if (given !== undefined) return lengths.sub(given.mean).div(given.deviation + 0.001);
  if (lengths.shape[0]! < 2) return lengths.mul(0);
  return lengths.sub(lengths.mean()).div(lengths.std().add(0.001));
}
