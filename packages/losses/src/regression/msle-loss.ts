import { log1p } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

/**
 * Mean squared logarithmic error: `loss = (log(1 + input) - log(1 + target))^2`, for amounts of 0 or more whose ratio counts.
 *
 * Shapes as `mseLoss`; with `weight` the mean divides by the number of losses. NaN below -1.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * Differs from Keras: values from -1 to 0 count as they are, where Keras raises them to 1e-7.
 * @example msleLoss([1, 3], [0, 3]).item() // 0.24022650718688965
 */
export const msleLoss = /* @__PURE__ */ defineLoss(
  "msleLoss",
  (input, target) => log1p(input).sub(log1p(target)).square(),
  { targets: "count" },
);

/** `msleLoss` with its options kept. */
export const MSLELoss = /* @__PURE__ */ lossClass("MSLELoss", msleLoss);
