import { huberError } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface HuberOptions {
  /** Where the parabola meets the lines. Default 1. */
  readonly delta: number;
}

/**
 * Huber loss: `d^2 / 2` for `|d| <= delta`, else `delta (|d| - delta / 2)`, with d = input - target; `delta` times smooth L1.
 *
 * Shapes as `mseLoss`; with `weight` the mean still divides by the number of losses. Source: Huber, "Robust estimation of a location parameter" (1964).
 * @throws ArgumentError unless delta is above 0; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example huberLoss([0, 0], [0.5, 2], { reduction: "sum" }).item() // 1.625
 */
export const huberLoss = /* @__PURE__ */ defineLoss<HuberOptions>(
  "huberLoss",
  (input, target, { delta }) => huberError(input, target, { delta, reduction: "none" }),
  {
    fused: (input, target, { delta, reduction }) => huberError(input, target, { delta, reduction }),
    defaults: { delta: 1 },
    check: (_input, _target, { delta }) => checkPositive("huberLoss", "delta", delta),
    precision: "input",
  },
);

/** `huberLoss` with its options kept. */
export const HuberLoss = /* @__PURE__ */ lossClass("HuberLoss", huberLoss);
