import { ArgumentError, hypot } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface CharbonnierOptions {
  /** Below it the loss is a parabola. 0 is `l1Loss`. Default 1e-3. */
  readonly eps: number;
}

/**
 * Charbonnier loss, an absolute error with a rounded corner: `sqrt(d^2 + eps^2)`, d = input - target.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. The root of the squares is
 * `hypot`: no overflow, derivative 0 at d = 0 for every eps. `barronLoss` with alpha 1 is the variant that is 0 at 0. Source: Charbonnier et al., "Two
 * deterministic half-quadratic regularization algorithms for computed imaging" (ICIP 1994). Differs from kornia: that one is `sqrt(d^2 + 1) - 1`.
 * @throws ArgumentError for a negative eps; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example charbonnierLoss([3, 0], [0, 0], { eps: 4, reduction: "none" }).toArray() // [5, 4]
 */
export const charbonnierLoss = /* @__PURE__ */ defineLoss<CharbonnierOptions>(
  "charbonnierLoss",
  (input, target, { eps }) => hypot(input.sub(target), eps),
  {
    defaults: { eps: 1e-3 },
    check: (_input, _target, { eps }) => {
      if (eps >= 0) return;
      throw new ArgumentError({ op: "charbonnierLoss", rule: "eps must be 0 or more", received: String(eps) });
    },
  },
);

/** `charbonnierLoss` with its options kept. */
export const CharbonnierLoss = /* @__PURE__ */ lossClass("CharbonnierLoss", charbonnierLoss);
