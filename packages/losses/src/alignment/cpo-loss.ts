import { relu, type TensorArg } from "@tenon/numerics";
import { checkOneOf, checkOption, checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { oneOrEach } from "../core/option-tensor.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { logisticLoss } from "./preference.ts";

const OP = "cpoLoss";

export interface CPOLossOptions extends ReductionOptions {
  /** Scale of the difference of log-probabilities. Default 0.1. */
  readonly beta?: number;
  /** Weight of the likelihood of the chosen answer. Default 1. */
  readonly alpha?: number;
  /** The preference part: logistic, or SLiC's `max(0, 1 - beta h)`. Default "sigmoid". */
  readonly type?: "sigmoid" | "hinge";
  /** Share of the preferences that are the wrong way round; "sigmoid" only. Default 0. */
  readonly labelSmoothing?: number;
  /** The language-modelling loss of the chosen answers, `[...S]` or a scalar, where it is not their summed one. Default `-chosen`. */
  readonly nll?: TensorArg;
}

/**
 * Contrastive preference optimization: `loss = -log sigmoid(beta (chosen - rejected)) + alpha nll`, DPO with a uniform reference and the likelihood of
 * the chosen answer.
 *
 * Shapes: summed log-probabilities `[...S]` of the chosen and the rejected answers; to a scalar, or `[...S]` with `reduction: "none"`.
 * Source: Xu et al., "Contrastive Preference Optimization" (2024), arXiv 2401.08417; hinge: Zhao et al., "SLiC-HF" (2023), arXiv 2305.10425.
 * Differs from TRL: the likelihood is that of each answer, as in the paper, not a mean over the batch's tokens (pass that one as `nll`).
 * @throws ArgumentError for a beta that is not positive, an unknown type or a smoothing outside [0, 1]; ShapeError.
 * @example cpoLoss([-4], [-6], { beta: 0.5 }).item() // 4.31326150894165
 */
export const cpoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (chosen: TensorArg, rejected: TensorArg, options: CPOLossOptions) => {
    const { beta = 0.1, alpha = 1, type = "sigmoid", labelSmoothing = 0, nll } = options;
    checkPositive(OP, "beta", beta);
    checkOneOf(OP, "type", type, ["sigmoid", "hinge"]);
    checkOption(OP, "labelSmoothing", labelSmoothing, "from 0 to 1", labelSmoothing >= 0 && labelSmoothing <= 1);
    const [w, l] = realDoubles(chosen, rejected);
    checkSameShape(OP, { chosen: w, rejected: l });
    const x = w.sub(l).mul(beta);
    const preference = type === "hinge" ? relu(x.neg().add(1)) : logisticLoss(x, labelSmoothing);
    if (alpha === 0) return preference;
    const likelihood = nll === undefined ? w.neg() : oneOrEach(OP, { nll }, { chosen: w });
    return preference.add(likelihood.mul(alpha));
  },
);

/** `cpoLoss` with its options kept. */
export const CPOLoss = /* @__PURE__ */ lossClass("CPOLoss", cpoLoss);
