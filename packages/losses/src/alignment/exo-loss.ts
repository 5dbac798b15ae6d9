import { logSigmoid } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { preferenceLoss } from "./preference.ts";

const OP = "exoLoss";
// Beyond it sigmoid is exactly 0 or 1 in float64, so that nothing changes but 0 * infinity.
const SATURATED = 1000;

export interface EXOLossOptions {
  /** How strongly the policy is held to the reference. Default 0.1. */
  readonly beta: number;
  /** Probability that the rejected answer is the better one; the loss is infinite without any. Default 0.001. */
  readonly labelSmoothing: number;
}

/**
 * Efficient exact optimization for pairs: the reverse KL divergence `KL(p || q)` of the policy's preference `p = sigmoid(beta h)` from the
 * labels' `q = 1 - e`:
 *
 *     loss = p (log p - log(1 - e)) + (1 - p) (log(1 - p) - log e)
 *
 * Shapes: log-probabilities of the answers, `[...S]` for all four: chosen and rejected under the policy, then under the reference. To a scalar, or
 * `[...S]` with `reduction: "none"`. p and 1 - p are each a sigmoid, so that neither rounds to 0 early.
 * Source: Ji et al., "Towards Efficient and Exact Optimization of Language Model Alignment" (2024), arXiv 2402.00856, equation 16.
 * @throws ArgumentError for a beta that is not positive or a smoothing outside (0, 1); ShapeError.
 * @example exoLoss([-4], [-6], [-5], [-5], { beta: 0.5, labelSmoothing: 0.25 }).item() // 0.000941314036026597
 */
export const exoLoss = /* @__PURE__ */ preferenceLoss<EXOLossOptions>(
  OP,
  ({ margin }, { beta, labelSmoothing }) => {
    const x = margin.mul(beta).clamp({ min: -SATURATED, max: SATURATED });
    const right = x.sigmoid().mul(logSigmoid(x).sub(Math.log1p(-labelSmoothing)));
    const wrong = x
      .neg()
      .sigmoid()
      .mul(logSigmoid(x.neg()).sub(Math.log(labelSmoothing)));
    return right.add(wrong);
  },
  { beta: 0.1, labelSmoothing: 1e-3 },
  ({ beta, labelSmoothing }) => {
    checkPositive(OP, "beta", beta);
    checkOption(OP, "labelSmoothing", labelSmoothing, "above 0 and below 1", labelSmoothing > 0 && labelSmoothing < 1);
  },
);

/** `exoLoss` with its options kept. */
export const EXOLoss = /* @__PURE__ */ lossClass("EXOLoss", exoLoss);
