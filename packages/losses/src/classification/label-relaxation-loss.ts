import { log1mexp, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface LabelRelaxationLossOptions {
  /** How much probability may go to other classes at no cost, below 1; 0 is cross entropy. Default 0.1. */
  readonly alpha: number;
}

/**
 * Label relaxation: 0 where the target's probability p has reached 1 - alpha, else the divergence of p from the nearest distribution that has:
 *
 *     loss = (1 - alpha) log((1 - alpha) / p) + alpha log(alpha / (1 - p))
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. That distribution shares alpha among the other classes as the prediction does, so that only p is left in the divergence.
 * Source: Lienen and Hüllermeier, "From Label Smoothing to Label Relaxation" (AAAI 2021).
 * @throws ArgumentError for an alpha outside [0, 1); ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example labelRelaxationLoss([[1, 0]], [0]).item() // 0.08817871659994125
 */
export const labelRelaxationLoss = /* @__PURE__ */ defineClassLoss<LabelRelaxationLossOptions>(
  "labelRelaxationLoss",
  (rows, { alpha }) => {
    const surprise = rows.crossEntropy();
    if (alpha === 0) return surprise;
    const free = -Math.log1p(-alpha);
    // Not "greater", which NaN is not.
    const counted = surprise.le(free).logicalNot();
    const s = where(counted, surprise, 1);
    const losses = s
      .sub(free)
      .mul(1 - alpha)
      .add(log1mexp(s).neg().add(Math.log(alpha)).mul(alpha));
    return where(counted, losses, 0);
  },
  {
    defaults: { alpha: 0.1 },
    precision: "input",
    check: (_rows, { alpha }) =>
      checkOption("labelRelaxationLoss", "alpha", alpha, "0 or more and below 1", alpha >= 0 && alpha < 1),
  },
);

/** `labelRelaxationLoss` with its options kept. */
export const LabelRelaxationLoss = /* @__PURE__ */ lossClass("LabelRelaxationLoss", labelRelaxationLoss);
