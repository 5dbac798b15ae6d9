import { checkOneOf, checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { preferenceLoss } from "./preference.ts";

const OP = "apoLoss";

export interface APOLossOptions {
  /** How strongly the policy is held to the reference. Default 0.1. */
  readonly beta: number;
  /** "zero" where the chosen answers are better than the model's own, "down" where they are worse. Default "zero". */
  readonly type: "zero" | "down";
}

/**
 * Anchored preference optimization. With the log-ratios w and l of policy and reference for the chosen and the rejected answer
 *
 *     "zero": loss = sigmoid(-beta w) + sigmoid(beta l)          raises the chosen, lowers the rejected
 *     "down": loss = sigmoid(beta w) + sigmoid(-beta (w - l))    lowers both, the rejected more
 *
 * Shapes: log-probabilities of the answers, `[...S]` for all four: chosen and rejected under the policy, then under the reference. To a scalar, or
 * `[...S]` with `reduction: "none"`. `1 - sigmoid(x)` is written `sigmoid(-x)`, which keeps what is close to 0.
 * Source: D'Oosterlinck et al., "Anchored Preference Optimization and Contrastive Revisions" (2024), arXiv 2408.06266, equations 7 and 8.
 * @throws ArgumentError for a beta that is not positive or an unknown type; ShapeError.
 * @example apoLoss([-4], [-6], [-5], [-5], { beta: 1 }).item() // 0.5378828644752502
 */
export const apoLoss = /* @__PURE__ */ preferenceLoss<APOLossOptions>(
  OP,
  ({ chosen, rejected, margin }, { beta, type }) =>
    type === "zero"
      ? chosen.mul(-beta).sigmoid().add(rejected.mul(beta).sigmoid())
      : chosen.mul(beta).sigmoid().add(margin.mul(-beta).sigmoid()),
  { beta: 0.1, type: "zero" },
  ({ beta, type }) => {
    checkPositive(OP, "beta", beta);
    checkOneOf(OP, "type", type, ["zero", "down"]);
  },
);

/** `apoLoss` with its options kept. */
export const APOLoss = /* @__PURE__ */ lossClass("APOLoss", apoLoss);
