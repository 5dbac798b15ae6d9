import type { TensorArg } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { logisticLoss } from "./preference.ts";

const OP = "simPoLoss";

export interface SimPOLossOptions extends ReductionOptions {
  /** Scale of the rewards. Default 2. */
  readonly beta?: number;
  /** By how much the chosen reward should be the greater. Default 0.5. */
  readonly gamma?: number;
  /** Share of the preferences that are the wrong way round. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Simple preference optimization: `loss = -log sigmoid(beta chosen - beta rejected - gamma)`, with mean log-probabilities per token as rewards and
 * without a reference model.
 *
 * Shapes: mean log-probabilities per token `[...S]` of the chosen and the rejected answers (`sequenceLogProbs` with `reduction: "mean"`); to a scalar,
 * or `[...S]` with `reduction: "none"`.
 * Source: Meng et al., "SimPO: Simple Preference Optimization with a Reference-Free Reward" (2024), arXiv 2405.14734.
 * @throws ArgumentError for a beta that is not positive or a smoothing outside [0, 1]; ShapeError.
 * @example simPoLoss([-0.5], [-1]).item() // 0.4740769863128662
 */
export const simPoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (chosen: TensorArg, rejected: TensorArg, options: SimPOLossOptions) => {
    const { beta = 2, gamma = 0.5, labelSmoothing = 0 } = options;
    checkPositive(OP, "beta", beta);
    checkOption(OP, "labelSmoothing", labelSmoothing, "from 0 to 1", labelSmoothing >= 0 && labelSmoothing <= 1);
    const [w, l] = realDoubles(chosen, rejected);
    checkSameShape(OP, { chosen: w, rejected: l });
    return logisticLoss(w.sub(l).mul(beta).sub(gamma), labelSmoothing);
  },
);

/** `simPoLoss` with its options kept. */
export const SimPOLoss = /* @__PURE__ */ lossClass("SimPOLoss", simPoLoss);
