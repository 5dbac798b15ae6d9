import { log1p, where } from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface WingLossOptions {
  /** Up to this error the loss is logarithmic. Default 10. */
  readonly omega: number;
  /** How sharp the middle is: the slope at 0 is omega / epsilon. Default 2. */
  readonly epsilon: number;
}

/**
 * Wing loss, which takes small errors of landmarks more seriously than L1: `omega log(1 + |d| / epsilon)` for `|d| < omega`, else
 * `|d| - omega + omega log(1 + omega / epsilon)`, d = input - target.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. The derivative at d = 0 is 0.
 * Source: Feng et al., "Wing Loss for Robust Facial Landmark Localisation with Convolutional Neural Networks" (CVPR 2018), arXiv 1711.06753.
 * @throws ArgumentError unless omega and epsilon are above 0; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example wingLoss([2, 20], [0, 0], { reduction: "none" }).toArray() // [6.931471824645996, 27.91759490966797]
 */
export const wingLoss = /* @__PURE__ */ defineLoss<WingLossOptions>(
  "wingLoss",
  (input, target, { omega, epsilon }) => {
    const d = input.sub(target).abs();
    const near = d.lt(omega);
    const gap = omega * (1 - Math.log1p(omega / epsilon));
    return where(near, log1p(where(near, d, 0).div(epsilon)).mul(omega), d.sub(gap));
  },
  {
    defaults: { omega: 10, epsilon: 2 },
    check: (_input, _target, { omega, epsilon }) => checkAllPositive("wingLoss", { omega, epsilon }),
  },
);

/** `wingLoss` with its options kept. */
export const WingLoss = /* @__PURE__ */ lossClass("WingLoss", wingLoss);
