import type { TensorArg } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { oneOrEach } from "../core/option-tensor.ts";
import { preferenceLoss } from "./preference.ts";

const OP = "ipoLoss";

export interface IPOLossOptions {
  /** Strength of the regularization; the margin aims at `1 / (2 tau)`. Default 0.1. */
  readonly tau: number;
  /** Numbers of tokens of the chosen answers: their log-ratios are divided by it. Default none. */
  readonly chosenLength?: TensorArg;
  /** The same for the rejected answers. */
  readonly rejectedLength?: TensorArg;
}

/**
 * Identity preference optimization: `loss = (h - 1 / (2 tau))^2`, h the log-ratio of policy and reference for the chosen answer minus that for the
 * rejected one. Unlike DPO's, its optimum is finite: the margin is pulled towards a number, from both sides.
 *
 * Shapes: log-probabilities of the answers, `[...S]` for all four: chosen and rejected under the policy, then under the reference. To a scalar, or
 * `[...S]` with `reduction: "none"`. The paper's h sums over tokens, so that the target margin means less for long answers; with
 * `chosenLength` and `rejectedLength` each side is a mean over tokens, which is what TRL does.
 * Source: Azar et al., "A General Theoretical Paradigm to Understand Learning from Human Preferences" (2023), arXiv 2310.12036.
 * @throws ArgumentError for a tau that is not positive; ShapeError.
 * @example ipoLoss([-4], [-6], [-5], [-5], { tau: 0.25 }).item() // 0
 */
export const ipoLoss = /* @__PURE__ */ preferenceLoss<IPOLossOptions>(
  OP,
  ({ chosen, rejected, margin }, { tau, chosenLength, rejectedLength }) => {
    if (chosenLength === undefined && rejectedLength === undefined) return margin.sub(1 / (2 * tau)).square();
    const w = oneOrEach(OP, { chosenLength: chosenLength ?? 1 }, { policyChosen: chosen });
    const l = oneOrEach(OP, { rejectedLength: rejectedLength ?? 1 }, { policyRejected: rejected });
    const perToken = chosen.div(w).sub(rejected.div(l));
    return perToken.sub(1 / (2 * tau)).square();
  },
  { tau: 0.1 },
  ({ tau }) => checkPositive(OP, "tau", tau),
);

/** `ipoLoss` with its options kept. */
export const IPOLoss = /* @__PURE__ */ lossClass("IPOLoss", ipoLoss);
