import { logSigmoid } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { logisticLoss, preferenceLoss } from "./preference.ts";

const OP = "discoPopLoss";
// So far to the left the exponential part is 0 in float64 whatever tau below 1 is; an infinity would make it infinity - infinity.
const FAR = 1e9;

export interface DiscoPOPLossOptions {
  /** How strongly the policy is held to the reference. Default 0.1. */
  readonly beta: number;
  /** Temperature of the blend of the two losses. Default 0.05. */
  readonly tau: number;
}

/**
 * Discovered preference optimization (log-ratio modulated loss): a blend of the logistic and the exponential loss of `x = beta h`, the weight of
 * the exponential one being `m = sigmoid(x / tau)`:
 *
 *     loss = -(1 - m) log sigmoid(x) + m e^-x
 *
 * Shapes: log-probabilities of the answers, `[...S]` for all four: chosen and rejected under the policy, then under the reference. To a scalar, or
 * `[...S]` with `reduction: "none"`. `m e^-x` is one exponential, so that it does not become 0 times infinity for large negative x.
 * Source: Lu et al., "Discovering Preference Optimization Algorithms with and for Large Language Models" (2024), arXiv 2406.08414, equation 5.
 * @throws ArgumentError for a beta or tau that is not positive; ShapeError.
 * @example discoPopLoss([-5], [-5], [-5], [-5]).item() // 0.8465735912322998
 */
export const discoPopLoss = /* @__PURE__ */ preferenceLoss<DiscoPOPLossOptions>(
  OP,
  ({ margin }, { beta, tau }) => {
    const x = margin.mul(beta);
    const logistic = logisticLoss(x).mul(x.mul(-1 / tau).sigmoid());
    const bounded = x.clamp({ min: -FAR });
    return logistic.add(
      logSigmoid(bounded.mul(1 / tau))
        .sub(bounded)
        .exp(),
    );
  },
  { beta: 0.1, tau: 0.05 },
  ({ beta, tau }) => {
    checkPositive(OP, "beta", beta);
    checkPositive(OP, "tau", tau);
  },
);

/** `discoPopLoss` with its options kept. */
export const DiscoPOPLoss = /* @__PURE__ */ lossClass("DiscoPOPLoss", discoPopLoss);
