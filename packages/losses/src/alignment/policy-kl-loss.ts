import type { Tensor, TensorArg } from "@tenon/numerics";
import { checkOneOf, checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { expRemainder } from "./exp-remainder.ts";
import { maskedTokens, tokenLosses } from "./tokens.ts";

const OP = "policyKlLoss";

/** Estimators of a KL divergence from one sample's log-ratio. */
export type KlEstimator = "k1" | "k2" | "k3";

/** Where k3 goes on as a straight line by default: sums of tokens stay finite in float32. */
export const KL_CAP = 80;

export interface PolicyKLLossOptions extends ReductionOptions {
  /** With `d = log reference - log policy`: "k1" is `-d`, "k2" `d^2 / 2`, "k3" `e^d - 1 - d`. Default "k3". */
  readonly estimator?: KlEstimator;
  /** Which tokens count (bool, the shape of the log-probabilities). Default all. */
  readonly mask?: TensorArg;
  /** Above this d, k3 is its tangent. Default 80. */
  readonly cap?: number;
}

/**
 * The divergence of a policy from a reference, estimated token by token from the policy's own samples: k3 by default, `e^d - 1 - d` with
 * `d = log reference - log policy`, unbiased and never negative.
 *
 * Shapes: log-probabilities of the tokens under policy and reference `[...S]`; to a scalar, or `[...S]` with `reduction: "none"`. "mean" divides by the
 * number of tokens that count.
 *
 * k3 is evaluated without cancellation (two policies that differ by 1e-8 give 5e-17, not 0) and exact up to d = `cap`; beyond it goes on along its tangent, so
 * that a token the policy holds impossible gives a large loss and gradient, not infinity and NaN.
 * Source: Schulman, "Approximating KL Divergence" (2020); k3 in Shao et al., "DeepSeekMath" (2024), arXiv 2402.03300.
 * @throws ArgumentError for an unknown estimator or a cap that is not positive; ShapeError.
 * @example policyKlLoss([-1, -2], [-1, -1]).item() // 0.35914090275764465
 */
export const policyKlLoss = /* @__PURE__ */ lossFunction(
  OP,
  (policy: TensorArg, reference: TensorArg, options: PolicyKLLossOptions) => {
    const { estimator = "k3", mask, cap = KL_CAP } = options;
    checkOneOf(OP, "estimator", estimator, ["k1", "k2", "k3"]);
    checkPositive(OP, "cap", cap);
    const { tensors, kept } = maskedTokens(OP, { policy, reference }, mask);
    return tokenLosses(klEstimate(tensors[0]!, tensors[1]!, estimator, cap), kept);
  },
);

/** `policyKlLoss` with its options kept. */
export const PolicyKLLoss = /* @__PURE__ */ lossClass("PolicyKLLoss", policyKlLoss);

export function klEstimate(policy: Tensor, reference: Tensor, estimator: KlEstimator, cap: number): Tensor {
  if (estimator === "k1") return policy.sub(reference);
  const d = reference.sub(policy);
  return estimator === "k2" ? d.square().mul(0.5) : expRemainder(d, cap);
}
