import { squaredError } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

/**
 * Mean squared error: `loss = (input - target)^2`.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. With `weight` the mean divides by the
 * weights' sum.
 * Source: Legendre, "Nouvelles méthodes pour la détermination des orbites des comètes" (1805), the method of least squares.
 * @throws ShapeError if the shapes would stretch each other, as [N, 1] and [N] do (`broadcast: true` allows it).
 * Differs from PyTorch: that refusal, where PyTorch warns; float64 inside.
 * @example mseLoss([1, 2], [1, 4]).item() // 2
 */
export const mseLoss = /* @__PURE__ */ defineLoss(
  "mseLoss",
  (input, target) => squaredError(input, target, { reduction: "none" }),
  {
    fused: (input, target, { reduction }) => squaredError(input, target, { reduction }),
    weightedMean: "weights",
    precision: "input",
  },
);

/** `mseLoss` with its options kept. */
export const MSELoss = /* @__PURE__ */ lossClass("MSELoss", mseLoss);
