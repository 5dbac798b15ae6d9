import { sigmoidFocalError } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { checkAlpha, checkNotNegative } from "./logistic.ts";

export interface SigmoidFocalLossOptions {
  /** Factor of targets of 1; those of 0 have 1 - alpha. null balances nothing. Default 0.25. */
  readonly alpha: number | null;
  /** How much confident elements are held back; 0 is binary cross entropy. Default 2. */
  readonly gamma: number;
}

/**
 * Focal loss of single logits: `loss = alpha_t (1 - p_t)^gamma bce(z, t)`, with p the sigmoid of z, `p_t = t p + (1 - t) (1 - p)`, and alpha_t likewise.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. Targets may lie between 0 and 1. Detectors
 * divide the sum by the number of positive boxes: `reduction: "sum"`, then `div(count)`.
 *
 * 1 - p_t is a sum of sigmoids of z and -z, so that a confident element keeps its tiny loss and gradient; infinite logits give their limits.
 * Source: Lin et al., "Focal Loss for Dense Object Detection" (2017), arXiv 1708.02002.
 * @throws ArgumentError for alpha outside [0, 1] or a negative gamma; ShapeError unless the shapes agree.
 * Differs from torchvision: "mean" is the default, as everywhere here; null, not -1, turns alpha off.
 * @example sigmoidFocalLoss([2, -2], [1, 1], { reduction: "none" }).toArray() // [0.00045089071500115097, 0.41251954436302185]
 */
export const sigmoidFocalLoss = /* @__PURE__ */ defineLoss<SigmoidFocalLossOptions>(
  "sigmoidFocalLoss",
  (input, target, { alpha, gamma }) => sigmoidFocalError(input, target, { alpha, gamma, reduction: "none" }),
  {
    fused: (input, target, { alpha, gamma, reduction }) =>
      sigmoidFocalError(input, target, { alpha, gamma, reduction }),
    defaults: { alpha: 0.25, gamma: 2 },
    check: (_input, _target, { alpha, gamma }) => {
      checkAlpha("sigmoidFocalLoss", alpha);
      checkNotNegative("sigmoidFocalLoss", { gamma });
    },
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/** `sigmoidFocalLoss` with its options kept. */
export const SigmoidFocalLoss = /* @__PURE__ */ lossClass("SigmoidFocalLoss", sigmoidFocalLoss);
