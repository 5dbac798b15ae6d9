import { absoluteError } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

/**
 * Absolute error: `loss = |input - target|`, with derivative 0 where they are equal.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. With `weight` the mean divides by the
 * weights' sum.
 * Source: Laplace, "Mémoire sur la probabilité des causes par les événements" (1774).
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * Differs from PyTorch: that refusal, where PyTorch warns.
 * @example l1Loss([1, 2], [1, 4]).item() // 1
 */
export const l1Loss = /* @__PURE__ */ defineLoss(
  "l1Loss",
  (input, target) => absoluteError(input, target, { reduction: "none" }),
  {
    fused: (input, target, { reduction }) => absoluteError(input, target, { reduction }),
    weightedMean: "weights",
    precision: "input",
  },
);

/** `l1Loss` with its options kept. */
export const L1Loss = /* @__PURE__ */ lossClass("L1Loss", l1Loss);
