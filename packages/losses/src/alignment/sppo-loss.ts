import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { preferenceLoss } from "./preference.ts";

const OP = "sppoLoss";

export interface SPPOLossOptions {
  /** How strongly the policy is held to the reference; the paper's eta is `1 / beta`. Default 0.1. */
  readonly beta: number;
}

/**
 * Self-play preference optimization with hard labels (the chosen answer always wins):
 *
 *     loss = (w - 1 / (2 beta))^2 + (l + 1 / (2 beta))^2
 *
 * with the log-ratios w and l of policy and reference for the chosen and the rejected answer.
 *
 * Shapes: log-probabilities of the answers, `[...S]` for all four: chosen and rejected under the policy, then under the reference. To a scalar, or
 * `[...S]` with `reduction: "none"`.
 * Source: Wu et al., "Self-Play Preference Optimization for Language Model Alignment" (2024), arXiv 2405.00675.
 * @throws ArgumentError for a beta that is not positive; ShapeError.
 * @example sppoLoss([-4], [-6], [-5], [-5], { beta: 0.5 }).item() // 0
 */
export const sppoLoss = /* @__PURE__ */ preferenceLoss<SPPOLossOptions>(
  OP,
  ({ chosen, rejected }, { beta }) =>
    chosen
      .sub(1 / (2 * beta))
      .square()
      .add(rejected.add(1 / (2 * beta)).square()),
  { beta: 0.1 },
  ({ beta }) => checkPositive(OP, "beta", beta),
);

/** `sppoLoss` with its options kept. */
export const SPPOLoss = /* @__PURE__ */ lossClass("SPPOLoss", sppoLoss);
