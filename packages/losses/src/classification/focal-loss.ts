import { ArgumentError } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { heldBack } from "./power-of.ts";

export interface FocalLossOptions {
  /** How much confident rows are held back; 0 is cross entropy. Default 2. */
  readonly gamma: number;
}

/**
 * Focal loss of logits against class indices: `loss = -(1 - p)^gamma log p`, p the softmax probability of the target.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. `weight` (of the classes) is alpha; "mean" divides by the weights of the rows that count, as `crossEntropy` does.
 *
 * 1 - p is `-expm1(log p)`, so that a confident row keeps its tiny loss; gamma 0 gives cross entropy to the bit.
 * Source: Lin et al., "Focal Loss for Dense Object Detection" (2017), arXiv 1708.02002.
 * @throws ArgumentError for a negative gamma; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example focalLoss([[2, 0]], [0], { gamma: 2 }).item() // 0.0018035628600046039
 */
export const focalLoss = /* @__PURE__ */ defineClassLoss<FocalLossOptions>(
  "focalLoss",
  (rows, { gamma }) => {
    const surprise = rows.crossEntropy();
    return gamma === 0 ? surprise : heldBack(surprise, gamma).mul(surprise);
  },
  {
    defaults: { gamma: 2 },
    precision: "input",
    check: (_rows, { gamma }) => {
      if (gamma >= 0) return;
      throw new ArgumentError({ op: "focalLoss", rule: "gamma must be 0 or more", received: String(gamma) });
    },
  },
);

/** `focalLoss` with its options kept. */
export const FocalLoss = /* @__PURE__ */ lossClass("FocalLoss", focalLoss);
