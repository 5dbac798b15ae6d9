import { logSigmoid } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

/**
 * Bayesian personalised ranking: `-log sigmoid(positive - negative)`, the scores of an item that was chosen and of one that was not.
 *
 * Shapes: positive and negative alike, any; or one that the other stretches to, `[N, 1]` and `[N, K]` for K negatives each; to a scalar, or the greater shape with
 * `reduction: "none"`. `weight` and `mask` broadcast. Exact for scores far apart, either way.
 * Source: Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback" (2009), arXiv 1205.2618.
 * @throws ShapeError for shapes that would stretch each other.
 * @example bprLoss([2, 0], [0, 0]).item() // 0.4100376069545746
 */
export const bprLoss = /* @__PURE__ */ defineLoss("bprLoss", (positive, negative) =>
  logSigmoid(positive.sub(negative)).neg(),
);

/** `bprLoss` with its options kept. */
export const BPRLoss = /* @__PURE__ */ lossClass("BPRLoss", bprLoss);
