import type { Tensor, TensorArg } from "@tenon/numerics";
import { checkLevels } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { fittingDoubles } from "./parameters.ts";

export interface IntervalScoreOptions {
  /** How often the target may lie outside: 0.1 is an interval of 90 %. Default 0.1. */
  readonly alpha?: number;
}

/**
 * Interval score of a prediction interval, also called Winkler score: `(u - l) + 2 / alpha max(0, l - t) + 2 / alpha max(0, t - u)`.
 *
 * Shapes: lower and upper bounds and target alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`. It is least for the
 * quantiles alpha / 2 and 1 - alpha / 2. Source: Gneiting and Raftery, "Strictly Proper Scoring Rules, Prediction, and Estimation" (2007).
 * @throws ArgumentError unless alpha lies between 0 and 1; ShapeError if the shapes do not fit or would stretch each other.
 * @example intervalScore([0, 0], [1, 1], [0.5, 2], { alpha: 0.5, reduction: "none" }).toArray() // [1, 5]
 */
export const intervalScore = /* @__PURE__ */ lossFunction(
  "intervalScore",
  (lower: TensorArg, upper: TensorArg, target: TensorArg, { alpha = 0.1 }: IntervalScoreOptions): Tensor => {
    checkLevels("intervalScore", "alpha", [alpha]);
    const { lower: l, upper: u, target: t } = fittingDoubles("intervalScore", { lower, upper, target });
    const outside = l.sub(t).relu().add(t.sub(u).relu());
    return u.sub(l).add(outside.mul(2 / alpha));
  },
);

/** `intervalScore` with its options kept. */
export const IntervalScoreLoss = /* @__PURE__ */ lossClass("IntervalScoreLoss", intervalScore);
