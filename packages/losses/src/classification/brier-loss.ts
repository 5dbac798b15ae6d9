import { binaryBrierError, expm1, softmax, where } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { otherClasses } from "./other-classes.ts";

/**
 * Brier score of rows of logits against class indices: `loss = sum over c of (p_c - onehot(y)_c)^2`, p the softmax; from 0 to 2.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. 1 - p_y is `-expm1(log p_y)`, so that a confident row keeps its tiny loss. For probabilities use `mseLoss`.
 * Source: Brier, "Verification of forecasts expressed in terms of probability" (1950).
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example brierLoss([[2, 0]], [0]).item() // 0.02841867320239544
 */
export const brierLoss = /* @__PURE__ */ defineClassLoss("brierLoss", (rows) => {
  const missed = expm1(rows.crossEntropy().neg()).square();
  const others = where(otherClasses(rows), softmax(rows.logits, rows.dim), 0);
  return missed.add(others.square().sum(rows.dim));
});

/** `brierLoss` with its options kept. */
export const BrierLoss = /* @__PURE__ */ lossClass("BrierLoss", brierLoss);

/**
 * Brier score of single logits against targets from 0 to 1: `loss = (p - t)^2`, p the sigmoid; from 0 to 1. Two classes by `brierLoss` cost twice that.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. p - t is `(1 - t) sigmoid(z) - t sigmoid(-z)`: at the ends
 * nothing cancels. For probabilities use `mseLoss`.
 * Source: Brier, "Verification of forecasts expressed in terms of probability" (1950).
 * @throws ShapeError unless the shapes agree.
 * @example binaryBrierLoss([2, -1000], [1, 1], { reduction: "none" }).toArray() // [0.01420933660119772, 1]
 */
export const binaryBrierLoss = /* @__PURE__ */ defineLoss(
  "binaryBrierLoss",
  (input, target) => binaryBrierError(input, target, { reduction: "none" }),
  {
    fused: (input, target, { reduction }) => binaryBrierError(input, target, { reduction }),
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/** `binaryBrierLoss` with its options kept. */
export const BinaryBrierLoss = /* @__PURE__ */ lossClass("BinaryBrierLoss", binaryBrierLoss);
