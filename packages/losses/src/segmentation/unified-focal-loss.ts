import { asTensor, cat, type Tensor, type TensorArg, where, zeros } from "@tenon/numerics";
import { checkOneOf, checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import { reduceLoss } from "../core/reduction.ts";
import { checkWholeReduction, type TwoTermOptions } from "./combined-losses.ts";
import { ratioLoss } from "./define-overlap-loss.ts";
import { type CountOptions, overlap } from "./overlap.ts";
import { ownTerms } from "./pixel-terms.ts";
import { powerFromZero } from "./power.ts";
import { classIndices, type Regions, regions, type SegmentationOptions } from "./regions.ts";

const OP = "unifiedFocalLoss";

export interface UnifiedFocalLossOptions
  extends Omit<SegmentationOptions, "reduction" | "activation" | "includeBackground">,
    Pick<CountOptions, "batch">,
    TwoTermOptions {
  /** "symmetric": every class is treated alike. "asymmetric": only the background (class 0) is held back, only the others are enhanced. Default "symmetric". */
  readonly form?: "symmetric" | "asymmetric";
  /** Share of the focal loss; the focal Tversky loss has the rest. Default 0.5. */
  readonly lambda?: number;
  /** Weight of foreground pixels in the focal loss, and of missed ones in the Tversky index; the background and false alarms have the rest. Default 0.6. */
  readonly delta?: number;
  /** How much confident pixels are held back, and small regions enhanced. Default 0.5. */
  readonly gamma?: number;
  /** Added to both sides of the Tversky index. Default 1e-7. */
  readonly smooth?: number;
}

/**
 * Unified focal loss: focal loss and focal Tversky loss with common hyperparameters.
 *
 *     loss = lambda mean_pixels(delta_y (1 - p_y)^gamma (-log p_y)) + (1 - lambda) mean_classes((1 - TI_c)^(1 - gamma))
 *     TI_c = TP / (TP + delta FN + (1 - delta) FP),    delta_y = 1 - delta for the background, delta for the other classes
 *
 * The asymmetric form leaves out `(1 - p_y)^gamma` for the other classes and the power `1 - gamma` for the background.
 *
 * Shapes: input logits `[N, C, d1, ...]` with any number of classes, or one channel for the foreground; target class indices `[N, d1, ...]`; to a scalar.
 * Source: Yeung et al., "Unified Focal loss" (2021), arXiv 2102.04525; exponents as in the authors' code.
 * Differs from the authors' code: no clipping of probabilities, any number of classes; lambda is the focal loss's share, as in the paper. Differs from MONAI, which
 * averages the focal loss over pixels and classes.
 * @throws ArgumentError for options outside [0, 1] or `reduction: "none"`; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example unifiedFocalLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.18358458578586578
 */
export const unifiedFocalLoss: Loss<[input: TensorArg, target: TensorArg], UnifiedFocalLossOptions> =
  /* @__PURE__ */ lossFunction(OP, (input: TensorArg, target: TensorArg, options: UnifiedFocalLossOptions): Tensor => {
    const { form = "symmetric", lambda = 0.5, delta = 0.6, gamma = 0.5, smooth = 1e-7, batch = false } = options;
    checkWholeReduction(OP, options.reduction);
    checkOneOf(OP, "form", form, ["symmetric", "asymmetric"]);
    for (const [name, value] of Object.entries({ lambda, delta, gamma })) {
      checkOption(OP, name, value, "a number from 0 to 1", value >= 0 && value <= 1);
    }
    const images = regions(OP, withBackground(asTensor(input), options.dim), target, {
      ...options,
      activation: "softmax",
    });
    const index = classIndices(OP, images);
    const { tp, fp, fn } = overlap(images, { batch });
    const errors = fn.mul(delta).add(fp.mul(1 - delta));
    const regional = ratioLoss(tp, errors, { smoothNumerator: smooth, smoothDenominator: smooth, log: false });
    const shaped = powerFromZero(regional, 1 - gamma);
    const [single, wrong] = ownTerms(images, index);
    const held = powerFromZero(wrong(), gamma).mul(single);
    const background = index.squeeze(1).eq(0);
    const others = (form === "symmetric" ? held : single).mul(delta);
    const pixels = where(background, held.mul(1 - delta), others);
    return focalMean(images, pixels, options)
      .mul(lambda)
      .add(reduceLoss(OP, form === "symmetric" ? shaped : firstAsIs(regional, shaped), options).mul(1 - lambda));
  });

/** `unifiedFocalLoss` with its options kept. */
export const UnifiedFocalLoss = /* @__PURE__ */ lossClass("UnifiedFocalLoss", unifiedFocalLoss);

// A sigmoid is a softmax against a logit of 0.
function withBackground(x: Tensor, dim = 1): Tensor {
  return x.shape[dim] === 1 ? cat([zeros(x.shape, { dtype: x.dtype }), x], dim) : x;
}

function focalMean({ kept }: Regions, pixels: Tensor, options: UnifiedFocalLossOptions): Tensor {
  if (kept === undefined) return reduceLoss(OP, pixels, options);
  const mask = kept.squeeze(1);
  return reduceLoss(OP, where(mask, pixels, 0), options, mask.to(pixels.dtype).sum());
}

/** The background's loss, then the others' shaped ones; classes are the last dimension. */
function firstAsIs(plain: Tensor, shaped: Tensor): Tensor {
  return cat([plain.slice(-1, { end: 1 }), shaped.slice(-1, { start: 1 })], -1);
}
