import { logSigmoid, relu } from "@tenon/numerics";
import { checkOneOf, checkOption, checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { logisticLoss, preferenceLoss } from "./preference.ts";

const OP = "dpoLoss";

export interface DPOLossOptions {
  /** How strongly the policy is held to the reference. Default 0.1. */
  readonly beta: number;
  /**
   * "sigmoid" is DPO, with `labelSmoothing` cDPO. "robust" is unbiased where that share of the preferences is flipped. "hinge" is SLiC's
   * `max(0, 1 - beta h)`. Default "sigmoid".
   */
  readonly type: "sigmoid" | "robust" | "hinge";
  /** Share of the preferences that are the wrong way round. Default 0. */
  readonly labelSmoothing: number;
}

/**
 * Direct preference optimization: `loss = -log sigmoid(beta h)`, h the log-ratio of policy and reference for the chosen answer minus that for
 * the rejected one.
 *
 * Shapes: summed log-probabilities of the answers, any shape `[...S]` for all four (see `sequenceLogProbs`): chosen and rejected under the policy, then
 * under the reference. To a scalar, or `[...S]` with `reduction: "none"`. Computed in float64 without overflow at any h.
 *
 * With smoothing e: "sigmoid" `-(1 - e) log sigmoid(beta h) - e log sigmoid(-beta h)`; "robust" `(-(1 - e) log sigmoid(beta h) + e log
 * sigmoid(-beta h)) / (1 - 2 e)`, evaluated as `-log sigmoid(beta h) - e / (1 - 2 e) beta h`, which does not cancel.
 * Source: Rafailov et al., "Direct Preference Optimization" (2023), arXiv 2305.18290; robust: Chowdhury et al. (2024), arXiv 2403.00409; hinge: Zhao et al.,
 * "SLiC-HF" (2023), arXiv 2305.10425.
 * @throws ArgumentError for a beta that is not positive, an unknown type or a smoothing outside its range (below 0.5 for "robust"); ShapeError.
 * @example dpoLoss([-4], [-6], [-5], [-5], { beta: 0.5 }).item() // 0.3132616877555847
 */
export const dpoLoss = /* @__PURE__ */ preferenceLoss<DPOLossOptions>(
  OP,
  ({ margin }, { beta, type, labelSmoothing }) => {
    const x = margin.mul(beta);
    if (type === "hinge") return relu(x.neg().add(1));
    if (type === "sigmoid" || labelSmoothing === 0) return logisticLoss(x, labelSmoothing);
    return logSigmoid(x)
      .add(x.mul(labelSmoothing / (1 - 2 * labelSmoothing)))
      .neg();
  },
  { beta: 0.1, type: "sigmoid", labelSmoothing: 0 },
  ({ beta, type, labelSmoothing }) => {
    checkPositive(OP, "beta", beta);
    checkOneOf(OP, "type", type, ["sigmoid", "robust", "hinge"]);
    const inside = labelSmoothing >= 0 && (type === "robust" ? labelSmoothing < 0.5 : labelSmoothing <= 1);
    const range = type === "robust" ? "from 0 to below 0.5" : "from 0 to 1";
    checkOption(OP, "labelSmoothing", labelSmoothing, range, inside);
  },
);

/** `dpoLoss` with its options kept. */
export const DPOLoss = /* @__PURE__ */ lossClass("DPOLoss", dpoLoss);
