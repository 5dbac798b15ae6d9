import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { logisticLoss, preferenceLoss } from "./preference.ts";

const OP = "ncaPairLoss";

export interface NCAPairLossOptions {
  /** Scale of the rewards. Default 0.1. */
  readonly beta: number;
}

/**
 * Noise contrastive alignment for pairs. With the rewards `w = beta * log-ratio` of the chosen and l of the rejected answer
 *
 *     loss = -log sigmoid(w) - (log sigmoid(-w) + log sigmoid(-l)) / 2
 *
 * It raises the chosen answer's own likelihood, where DPO only looks at the difference.
 *
 * Shapes: log-probabilities of the answers, `[...S]` for all four: chosen and rejected under the policy, then under the reference. To a scalar, or
 * `[...S]` with `reduction: "none"`.
 * Source: Chen et al., "Noise Contrastive Alignment of Language Models with Explicit Rewards" (2024), arXiv 2402.05369.
 * @throws ArgumentError for a beta that is not positive; ShapeError.
 * @example ncaPairLoss([-5], [-5], [-5], [-5]).item() // 1.3862943649291992
 */
export const ncaPairLoss = /* @__PURE__ */ preferenceLoss<NCAPairLossOptions>(
  OP,
  ({ chosen, rejected }, { beta }) => {
    const [w, l] = [chosen.mul(beta), rejected.mul(beta)];
    return logisticLoss(w).add(logisticLoss(w.neg()).add(logisticLoss(l.neg())).mul(0.5));
  },
  { beta: 0.1 },
  ({ beta }) => checkPositive(OP, "beta", beta),
);

/** `ncaPairLoss` with its options kept. */
export const NCAPairLoss = /* @__PURE__ */ lossClass("NCAPairLoss", ncaPairLoss);
