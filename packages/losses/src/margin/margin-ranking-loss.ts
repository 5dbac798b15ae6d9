import { clamp, type TensorArg } from "@tenon/numerics";
import { checkTargets } from "../core/define-loss.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { checkTogether } from "./check-together.ts";

const OP = "marginRankingLoss";

export interface MarginRankingLossOptions extends ReductionOptions {
  /** By how much the higher one must lead. Default 0. */
  readonly margin?: number;
  /** Allows shapes that stretch each other, as [N, 1] and [N] do to [N, N]. Default false. */
  readonly broadcast?: boolean;
  /** Whether to refuse targets other than 1 and -1. Default false. */
  readonly checkTarget?: boolean;
}

/**
 * Loss of pairs whose first score should be the higher (target 1) or the lower (-1): `loss = max(0, -target (input1 - input2) + margin)`.
 *
 * Shapes: all alike (or some stretched to the greatest), to a scalar, or the same shape with `reduction: "none"`. Exactly at the margin the slope is
 * that of the violated side, as in PyTorch: a tie at margin 0 is pushed apart. A target of 0 costs the margin.
 * Source: Herbrich et al., "Large Margin Rank Boundaries for Ordinal Regression" (2000).
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it); ArgumentError for other targets with `checkTarget: true`.
 * Differs from PyTorch: that refusal, where PyTorch broadcasts tensors of the same rank.
 * @example marginRankingLoss([1, 3], [2, 1], [1, 1], { margin: 0.5 }).item() // 0.75
 */
export const marginRankingLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input1: TensorArg, input2: TensorArg, target: TensorArg, options: MarginRankingLossOptions) => {
    const { margin = 0, broadcast = false, checkTarget = false } = options;
    const [a, b, t] = doubles(input1, input2, target);
    checkTogether(OP, { input1: a, input2: b, target: t }, broadcast);
    if (checkTarget) checkTargets(OP, t, "sign");
    return clamp(t.mul(b.sub(a)).add(margin), { min: 0 });
  },
);

/** `marginRankingLoss` with its options kept. */
export const MarginRankingLoss = /* @__PURE__ */ lossClass("MarginRankingLoss", marginRankingLoss);
