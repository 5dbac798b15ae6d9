import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { logisticLoss, preferenceLoss } from "./preference.ts";

const OP = "ncaLoss";

export interface NCALossOptions {
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
 * @example ncaLoss([-5], [-5], [-5], [-5]).item() // 1.3862943611198906
 */
export const ncaLoss = /* @__PURE__ */ preferenceLoss<NCALossOptions>(
  OP,
  ({ chosen, rejected }, { beta }) => {
    const [w, l] = [chosen.mul(beta), rejected.mul(beta)];
    return logisticLoss(w).add(logisticLoss(w.neg()).add(logisticLoss(l.neg())).mul(0.5));
  },
  { beta: 0.1 },
  ({ beta }) => checkPositive(OP, "beta", beta),
);

/** `ncaLoss` with its options kept. */
export const NCALoss = /* @__PURE__ */ lossClass("NCALoss", ncaLoss);
