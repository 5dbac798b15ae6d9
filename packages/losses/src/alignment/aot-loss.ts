import { sort, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOneOf, checkOption, checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { logisticLoss } from "./preference.ts";

const OP = "aotLoss";

export interface AOTLossOptions extends ReductionOptions {
  /** How strongly the policy is held to the reference. Default 0.1. */
  readonly beta?: number;
  /**
   * "paired": the margins `log(chosen / rejected)` of the policy against those of the reference. "unpaired": the log-ratios of the chosen answers
   * against those of the rejected ones, which need not belong together. Default "paired".
   */
  readonly type?: "paired" | "unpaired";
  /** Share of the preferences that are the wrong way round. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Alignment via optimal transport: the logistic loss `-log sigmoid(beta d)` of differences d between two sorted lists, which makes one
 * distribution dominate the other (first-order stochastic dominance) instead of one answer another.
 *
 * Shapes: log-probabilities `[N]` of the answers: chosen and rejected under the policy, then under the reference. To a scalar, or `[N]` with
 * `reduction: "none"`, in sorted order. Equal elements keep their order.
 * Source: Melnyk et al., "Distributional Preference Alignment of LLMs via Optimal Transport" (2024), arXiv 2406.05882.
 * @throws ArgumentError for a beta that is not positive, an unknown type or a smoothing outside [0, 1]; ShapeError.
 * @example aotLoss([-4, -5], [-6, -5], [-5, -5], [-5, -5], { beta: 0.5 }).item() // 0.5032044053077698
 */
export const aotLoss = /* @__PURE__ */ lossFunction(
  OP,
  (
    policyChosen: TensorArg,
    policyRejected: TensorArg,
    referenceChosen: TensorArg,
    referenceRejected: TensorArg,
    { beta = 0.1, type = "paired", labelSmoothing = 0 }: AOTLossOptions,
  ) => {
    checkPositive(OP, "beta", beta);
    checkOneOf(OP, "type", type, ["paired", "unpaired"]);
    checkOption(OP, "labelSmoothing", labelSmoothing, "from 0 to 1", labelSmoothing >= 0 && labelSmoothing <= 1);
    const [a, b, c, d] = realDoubles(policyChosen, policyRejected, referenceChosen, referenceRejected);
    checkSameShape(OP, { policyChosen: a, policyRejected: b, referenceChosen: c, referenceRejected: d });
    const difference =
      type === "paired" ? ordered(a.sub(b)).sub(ordered(c.sub(d))) : ordered(a.sub(c)).sub(ordered(b.sub(d)));
    return logisticLoss(difference.mul(beta), labelSmoothing);
  },
);

/** `aotLoss` with its options kept. */
export const AOTLoss = /* @__PURE__ */ lossClass("AOTLoss", aotLoss);

function ordered(x: Tensor): Tensor {
  return sort(x, 0).values;
}
