import { lossClass } from "../core/loss-class.ts";
import { defineOverlapLoss, type OverlapOptions } from "./define-overlap-loss.ts";

export type DiceLossOptions = OverlapOptions;

/**
 * Soft Dice loss of segmentations: `loss = 1 - (2 TP + s_n) / (2 TP + FP + FN + s_d)` for each class of each image, with TP = sum t p,
 * FP = sum (1 - t) p and FN = sum t (1 - p) over the pixels.
 *
 * Shapes: input logits `[N, C, d1, ...]` (or probabilities, `activation: "none"`); target class indices `[N, d1, ...]`, or masks or probabilities per channel in
 * the input's shape; to a scalar, or `[N, C]` with `reduction: "none"` (`[C]` with `batch: true`). See `OverlapOptions` for the rest: background,
 * ignored pixels, sums over the batch, weights, smoothing (default 1e-5 both), absent classes, squared denominator, soft labels, logarithm.
 *
 * Computed as (FP + FN) / (2 TP + FP + FN) from sums without cancellation, in float64: a confident right answer keeps its tiny loss. An empty region that
 * is predicted empty costs 0, also without smoothing.
 * Source: Milletari et al., "V-Net" (2016), arXiv 1606.04797; soft labels: Wang et al. (2023), arXiv 2303.16296.
 * Differs from MONAI: takes logits by default; weights always have one entry for each class, and the results no trailing dimensions of size 1.
 * @throws ShapeError, DTypeError, ArgumentError; IndexOutOfRangeError for a target that is no class.
 * @example diceLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.11920232325792313
 */
export const diceLoss = /* @__PURE__ */ defineOverlapLoss("diceLoss", () => ({ hits: 2, fp: 1, fn: 1 }), {});

/** `diceLoss` with its options kept. */
export const DiceLoss = /* @__PURE__ */ lossClass("DiceLoss", diceLoss);
