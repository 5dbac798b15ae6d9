import { softMarginError } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

/**
 * Logistic loss of targets 1 and -1: `loss = log(1 + e^(-target input))`.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. It is softplus(-target input): it
 * grows by 1 for 1 however wrong the input is, and keeps its tiny value where it is right.
 * Source: Cox, "The Regression Analysis of Binary Sequences" (1958), for targets of 1 and -1.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it); ArgumentError for other targets with `checkTarget: true`.
 * Differs from PyTorch: that refusal, where PyTorch is silent; finite beyond 88.7 on the wrong side, where PyTorch's exponential overflows.
 * @example softMarginLoss([-100, 2], [1, 1], { reduction: "none" }).toArray() // [100, 0.12692801654338837]
 */
export const softMarginLoss = /* @__PURE__ */ defineLoss(
  "softMarginLoss",
  (input, target) => softMarginError(input, target, { reduction: "none" }),
  {
    fused: (input, target, { reduction }) => softMarginError(input, target, { reduction }),
    targets: "sign",
    precision: "input",
  },
);

/** `softMarginLoss` with its options kept. */
export const SoftMarginLoss = /* @__PURE__ */ lossClass("SoftMarginLoss", softMarginLoss);

export interface SoftHingeLossOptions {
  /** From where on the right side counts as right. Default 1. */
  readonly margin: number;
}

/**
 * Hinge loss with a rounded corner, for targets 1 and -1: `loss = log(1 + e^(margin - target input))`.
 *
 * Shapes and errors as `softMarginLoss`, which is its case of margin 0.
 * @example softHingeLoss([1, -100], [1, 1], { reduction: "none" }).toArray() // [0.6931471824645996, 101]
 */
export const softHingeLoss = /* @__PURE__ */ defineLoss<SoftHingeLossOptions>(
  "softHingeLoss",
  (input, target, { margin }) => softMarginError(input, target, { margin, reduction: "none" }),
  {
    fused: (input, target, { margin, reduction }) => softMarginError(input, target, { margin, reduction }),
    defaults: { margin: 1 },
    targets: "sign",
    precision: "input",
  },
);

/** `softHingeLoss` with its options kept. */
export const SoftHingeLoss = /* @__PURE__ */ lossClass("SoftHingeLoss", softHingeLoss);
