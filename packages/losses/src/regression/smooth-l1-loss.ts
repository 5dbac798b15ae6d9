import { smoothAbsoluteError } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface SmoothL1Options {
  /** Where the parabola meets the lines. Default 1; 0 is `l1Loss`. */
  readonly beta: number;
}

/**
 * Smooth L1: `d^2 / (2 beta)` for `|d| < beta`, else `|d| - beta / 2`, with d = input - target.
 *
 * Shapes as `mseLoss`. Source: Girshick, "Fast R-CNN" (ICCV 2015).
 * @throws ArgumentError for a negative beta; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * Differs from PyTorch: with beta 0 the derivative at d = 0 is 0, as that of `l1Loss`, not -1.
 * @example smoothL1Loss([0, 0], [0.5, 2], { reduction: "sum" }).item() // 1.625
 */
export const smoothL1Loss = /* @__PURE__ */ defineLoss<SmoothL1Options>(
  "smoothL1Loss",
  (input, target, { beta }) => smoothAbsoluteError(input, target, { beta, reduction: "none" }),
  {
    fused: (input, target, { beta, reduction }) => smoothAbsoluteError(input, target, { beta, reduction }),
    defaults: { beta: 1 },
    check: (_input, _target, { beta }) => checkOption("smoothL1Loss", "beta", beta, "0 or more", beta >= 0),
    precision: "input",
  },
);

/** `smoothL1Loss` with its options kept. */
export const SmoothL1Loss = /* @__PURE__ */ lossClass("SmoothL1Loss", smoothL1Loss);
