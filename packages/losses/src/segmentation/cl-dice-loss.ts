import { type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { type OverlapOptions, overlapLosses, weighClasses } from "./define-overlap-loss.ts";
import { classWeights, ofClasses, type Regions, regions, type SegmentationOptions } from "./regions.ts";
import { softSkeleton } from "./soft-skeleton.ts";

const OP = "clDiceLoss";

export interface CLDiceLossOptions extends SegmentationOptions, Pick<OverlapOptions, "batch" | "weight" | "normalize"> {
  /** Share of the centreline loss; the Dice loss of the regions has the rest. Default 0.5. */
  readonly alpha?: number;
  /** Erosions of the soft skeleton. Default 3. */
  readonly iterations?: number;
  /** Added to both sides of every ratio. Default 1. */
  readonly smooth?: number;
}

/**
 * Centreline Dice loss, for tubes that must stay connected: the skeleton of each side should lie inside of the other.
 *
 *     loss = (1 - alpha) diceLoss + alpha (1 - 2 a b / (a + b))
 *     a = (sum S_p t + s) / (sum S_p + s),    b = (sum S_t p + s) / (sum S_t + s),    S = softSkeleton
 *
 * Shapes: as `diceLoss`, with one or more spatial dimensions; to a scalar, or `[N, C]` with `reduction: "none"` (`[C]` with `batch: true`). The background does not
 * count by default, as in the authors' code. Both ratios are kept as their errors, so that a good prediction keeps its tiny loss.
 * Source: Shit et al., "clDice: a novel topology-preserving loss function for tubular structure segmentation" (2021), arXiv 2003.07311.
 * Differs from MONAI: classes and images have losses of their own instead of sums over all of them; takes logits by default; a single channel counts.
 * @throws as `diceLoss`; ArgumentError for an alpha outside [0, 1] or a negative smooth.
 * @example clDiceLoss([[[[-2, -2, -2], [2, 2, -1], [-2, -2, -2]]]], [[[[0, 0, 0], [1, 1, 1], [0, 0, 0]]]]).item() // 0.19381651282310486
 */
export const clDiceLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, given: CLDiceLossOptions): Losses => {
    const options = { includeBackground: false, ...given };
    const { alpha = 0.5, smooth = 1 } = options;
    checkOption(OP, "alpha", alpha, "a number from 0 to 1", alpha >= 0 && alpha <= 1);
    checkOption(OP, "smooth", smooth, "a number of 0 or more", smooth >= 0);
    const images = regions(OP, input, target, options);
    const centre = centrelineLoss(images, options).mul(alpha);
    const weights = classWeights(OP, options.weight, images);
    if (alpha === 1) return weighClasses(centre, undefined, weights, options);
    const plain = { batch: options.batch ?? false, smoothNumerator: smooth, smoothDenominator: smooth };
    const dice = overlapLosses(OP, images, { hits: 2, fp: 1, fn: 1 }, plain).losses as Tensor;
    return weighClasses(dice.mul(1 - alpha).add(centre), undefined, weights, options);
  },
);

/** `clDiceLoss` with its options kept. */
export const CLDiceLoss = /* @__PURE__ */ lossClass("CLDiceLoss", clDiceLoss);

function centrelineLoss(images: Regions, options: CLDiceLossOptions): Tensor {
  const { iterations = 3, smooth = 1, batch = false } = options;
  const { firstClass, predicted, shape } = images;
  const [p, q, t] = [predicted.p, predicted.q(), images.truth()].map((values) => ofClasses(values, firstClass)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const skeleton = (values: Tensor) =>
    softSkeleton(values.reshape([...values.shape.slice(0, 2), ...shape.slice(2)]), { iterations }).reshape(p.shape);
  const total = (values: Tensor) => values.sum(batch ? [0, 2] : 2);
  const [ofP, ofT] = [skeleton(p), skeleton(t)];
  const rest = t.neg().add(1);
  const [a, notA] = shares(total(ofP.mul(t)).add(smooth), total(ofP.mul(rest)));
  const [b, notB] = shares(total(ofT.mul(p)).add(smooth), total(ofT.mul(q)));
  const sum = a.add(b);
  const none = sum.le(0);
  // 1 - 2 a b / (a + b), without the cancellation.
  const loss = a
    .mul(notB)
    .add(b.mul(notA))
    .div(where(none, 1, sum));
  return where(none, 1, loss);
}

/** Hits and errors as shares of both; of nothing all is hit. */
function shares(hits: Tensor, errors: Tensor): [share: Tensor, rest: Tensor] {
  const total = hits.add(errors);
  const none = total.le(0);
  const whole = where(none, 1, total);
  return [where(none, 1, hits.div(whole)), where(none, 0, errors.div(whole))];
}
