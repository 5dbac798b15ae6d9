import { logSigmoid, relu } from "@tenon/numerics";
import { checkOneOf, checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { betterPairs, defineRankingLoss, differences, type RankingOptions } from "./lists.ts";

export interface RankNetLossOptions extends RankingOptions {
  /** Steepness. Default 1. */
  readonly sigma?: number;
  /** Factor of each pair: 1, or by how much the relevances differ. Default "none". */
  readonly weightBy?: "none" | "difference";
}

/**
 * RankNet, the pairwise logistic loss: `softplus(-sigma (s_i - s_j))` for every pair of items of which i is more relevant than j.
 *
 * Shapes: scores and relevance `[N]` or `[..., N]`; to a scalar, or `[..., N, N]` with `reduction: "none"` (0 for pairs that do not count). "mean" divides by the
 * number of pairs, so that lists of equal items and padding (`mask`, or relevance `paddingValue`) add nothing. Relevance has no gradient.
 * Source: Burges et al., "Learning to Rank using Gradient Descent" (2005).
 * @throws ShapeError unless the shapes agree; ArgumentError for a sigma that is not positive.
 * @example rankNetLoss([2, 1, 0], [2, 0, 1]).item() // 0.584483802318573
 */
export const rankNetLoss = /* @__PURE__ */ defineRankingLoss<RankNetLossOptions>(
  "rankNetLoss",
  (lists, { sigma = 1, weightBy = "none" }) => {
    checkPositive("rankNetLoss", "sigma", sigma);
    checkOneOf("rankNetLoss", "weightBy", weightBy, ["none", "difference"]);
    const counted = betterPairs(lists);
    const losses = logSigmoid(differences(lists.scores, counted).mul(sigma)).neg();
    if (weightBy === "none") return { losses, counted };
    return { losses: losses.mul(differences(lists.relevance, counted)), counted };
  },
);

/** `rankNetLoss` with its options kept. */
export const RankNetLoss = /* @__PURE__ */ lossClass("RankNetLoss", rankNetLoss);

export interface PairwiseHingeLossOptions extends RankingOptions {
  /** By how much the more relevant item must lead. Default 1. */
  readonly margin?: number;
}

/**
 * Pairwise hinge, the loss of ranking SVMs: `max(0, margin - (s_i - s_j))` for every pair of items of which i is more relevant than j.
 *
 * Shapes, mean, padding and errors as `rankNetLoss`.
 * Source: Joachims, "Optimizing Search Engines using Clickthrough Data" (2002).
 * @example pairwiseHingeLoss([2, 1.5, 0], [2, 1, 0]).item() // 0.1666666716337204
 */
export const pairwiseHingeLoss = /* @__PURE__ */ defineRankingLoss<PairwiseHingeLossOptions>(
  "pairwiseHingeLoss",
  (lists, { margin = 1 }) => {
    const counted = betterPairs(lists);
    return { losses: relu(differences(lists.scores, counted).neg().add(margin)), counted };
  },
);

/** `pairwiseHingeLoss` with its options kept. */
export const PairwiseHingeLoss = /* @__PURE__ */ lossClass("PairwiseHingeLoss", pairwiseHingeLoss);
