import { lossClass } from "../core/loss-class.ts";
import { defineOverlapLoss, type OverlapOptions } from "./define-overlap-loss.ts";

export type JaccardLossOptions = OverlapOptions;

/**
 * Soft Jaccard (intersection over union) loss: `loss = 1 - (TP + s_n) / (TP + FP + FN + s_d)` for each class of each image.
 *
 * Shapes and options as `diceLoss`. With `softLabel: true` it is the Jaccard metric loss, 0 where the prediction equals soft targets.
 * Source: Rahman and Wang (2016); soft labels: Wang et al. (2023), arXiv 2302.05666.
 * Differs from MONAI's `jaccard=True`, which smooths twice the union: here numerator and denominator are those of the index itself.
 * @throws as `diceLoss`.
 * @example jaccardLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.21301205456256866
 */
export const jaccardLoss = /* @__PURE__ */ defineOverlapLoss("jaccardLoss", () => ({ hits: 1, fp: 1, fn: 1 }), {});

/** `jaccardLoss` with its options kept. */
export const JaccardLoss = /* @__PURE__ */ lossClass("JaccardLoss", jaccardLoss);
