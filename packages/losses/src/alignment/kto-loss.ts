import { asTensor, relu, type TensorArg, where } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { constant, optionTensor } from "../core/option-tensor.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";

const OP = "ktoLoss";

export interface KTOLossOptions extends ReductionOptions {
  /** How risk-averse the value function is. Default 0.1. */
  readonly beta?: number;
  /**
   * Estimate of the divergence of policy and reference: log-ratios of answers to other prompts, any shape. z0 is their mean, or 0 if that is negative, and a
   * constant. Default 0.
   */
  readonly kl?: TensorArg;
  /** Weight of the desirable answers. Default 1. */
  readonly desirableWeight?: number;
  /** Weight of the undesirable answers. Default 1. */
  readonly undesirableWeight?: number;
}

/**
 * Kahneman-Tversky optimization, for answers that are each good or bad, without pairs. With r the log-ratio of policy and reference
 *
 *     desirable:   loss = desirableWeight   (1 - sigmoid(beta (r - z0)))
 *     undesirable: loss = undesirableWeight (1 - sigmoid(beta (z0 - r)))
 *
 * Shapes: log-probabilities under the policy and the reference `[...S]`, which answers are desirable (bool) `[...S]`; to a scalar, or `[...S]` with
 * `reduction: "none"`. `1 - sigmoid(x)` is written `sigmoid(-x)`, which keeps what is close to 0.
 * Source: Ethayarajh et al., "KTO: Model Alignment as Prospect Theoretic Optimization" (2024), arXiv 2402.01306.
 * @throws ArgumentError for a beta that is not positive; ShapeError.
 * @example ktoLoss([-4, -4], [-5, -5], [true, false], { beta: 1 }).item() // 0.5
 */
export const ktoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (policy: TensorArg, reference: TensorArg, desirable: TensorArg, options: KTOLossOptions) => {
    const { beta = 0.1, kl = 0, desirableWeight = 1, undesirableWeight = 1 } = options;
    checkPositive(OP, "beta", beta);
    const [p, q] = realDoubles(policy, reference);
    const good = asTensor(desirable).to("bool");
    checkSameShape(OP, { policy: p, reference: q, desirable: good });
    const baseline = relu(optionTensor(kl, p).detach().mean());
    const x = p.sub(q).sub(baseline).mul(beta);
    const weight = where(good, constant(desirableWeight, p), constant(undesirableWeight, p));
    return where(good, x.neg(), x).sigmoid().mul(weight);
  },
);

/** `ktoLoss` with its options kept. */
export const KTOLoss = /* @__PURE__ */ lossClass("KTOLoss", ktoLoss);
