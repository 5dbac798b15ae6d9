import type { TensorArg } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { oneOrEach } from "../core/option-tensor.ts";
import { logisticLoss, preferenceLoss } from "./preference.ts";

const OP = "bcoLoss";

export interface BCOLossOptions {
  /** Scale of the rewards. Default 0.1. */
  readonly beta: number;
  /** The reward shift delta, a constant: the running mean of all rewards so far. Default the mean of this batch's. */
  readonly shift?: TensorArg;
}

/**
 * Binary classifier optimization for pairs: a classifier of good and bad answers, whose logit is the reward `beta * log-ratio` less the shift delta.
 *
 *     loss = -log sigmoid(w - delta) - log sigmoid(-(l - delta))
 *
 * Shapes: log-probabilities of the answers, `[...S]` for all four: chosen and rejected under the policy, then under the reference. To a scalar, or
 * `[...S]` with `reduction: "none"`. No gradient flows through the shift.
 * Source: Jung et al., "Binary Classifier Optimization for Large Language Model Alignment" (2024), arXiv 2404.04656.
 * Differs from TRL: the running mean is the caller's (`shift`), not a state of the loss.
 * @throws ArgumentError for a beta that is not positive; ShapeError.
 * @example bcoLoss([-4], [-6], [-5], [-5], { beta: 1 }).item() // 0.6265233755111694
 */
export const bcoLoss = /* @__PURE__ */ preferenceLoss<BCOLossOptions>(
  OP,
  ({ chosen, rejected }, { beta, shift }) => {
    const [w, l] = [chosen.mul(beta), rejected.mul(beta)];
    const delta = shift === undefined ? w.add(l).mean().mul(0.5) : oneOrEach(OP, { shift }, { policyChosen: w });
    const constant = delta.detach();
    return logisticLoss(w.sub(constant)).add(logisticLoss(constant.sub(l)));
  },
  { beta: 0.1 },
  ({ beta }) => checkPositive(OP, "beta", beta),
);

/** `bcoLoss` with its options kept. */
export const BCOLoss = /* @__PURE__ */ lossClass("BCOLoss", bcoLoss);
