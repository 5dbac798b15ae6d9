import { log1p, sinh } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

/**
 * `loss = log cosh(d)`, d = input - target: a parabola near 0, a line far out.
 *
 * Shapes as `mseLoss`; with `weight` the mean divides by the number of losses. Small d keep their digits (1e-6 gives 5e-13): log cosh d is
 * `log1p(2 sinh(d / 2)^2)`, and beyond |d| = 20 a line of slope 1.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * Differs from Keras: no cancellation near 0.
 * @example logCoshLoss([0, 1000], [0, 0], { reduction: "none" }).toArray() // [0, 999.3068237304688]
 */
export const logCoshLoss = /* @__PURE__ */ defineLoss("logCoshLoss", (input, target) => {
  const d = input.sub(target);
  // The terms of |d| + softplus(-2 |d|) - log 2 would cancel near 0, and sinh overflows far out.
  const near = d.clamp({ min: -20, max: 20 });
  return log1p(sinh(near.mul(0.5)).square().mul(2)).add(d.sub(near).abs());
});

/** `logCoshLoss` with its options kept. */
export const LogCoshLoss = /* @__PURE__ */ lossClass("LogCoshLoss", logCoshLoss);
