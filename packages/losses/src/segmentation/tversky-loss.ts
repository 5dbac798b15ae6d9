import { ArgumentError } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { defineOverlapLoss } from "./define-overlap-loss.ts";
import { powerFromZero } from "./power.ts";

export interface TverskyLossOptions {
  /** Factor of false positives. Default 0.5 (`focalTverskyLoss`: 0.3). */
  readonly alpha: number;
  /** Factor of false negatives. Default 0.5 (`focalTverskyLoss`: 0.7). */
  readonly beta: number;
}

export interface FocalTverskyLossOptions extends TverskyLossOptions {
  /** Exponent of the loss; below 1 small losses keep steeper slopes. Default 0.75. */
  readonly gamma: number;
}

function checkFactors(op: string, { alpha, beta }: TverskyLossOptions): void {
  if (alpha >= 0 && beta >= 0) return;
  throw new ArgumentError({
    op,
    rule: "alpha and beta must be 0 or more",
    received: `alpha ${alpha}, beta ${beta}`,
  });
}

/**
 * Tversky loss: `loss = 1 - (TP + s_n) / (TP + alpha FP + beta FN + s_d)` for each class of each image. 0.5 and 0.5 weigh as Dice does, 1 and 1 as Jaccard;
 * a greater beta punishes missed pixels (the paper's best: 0.3 and 0.7).
 *
 * Shapes and options as `diceLoss`.
 * Source: Salehi et al., "Tversky loss function for image segmentation using 3D fully convolutional deep networks" (2017), arXiv 1706.05721.
 * @throws ArgumentError for a negative alpha or beta; else as `diceLoss`.
 * @example tverskyLoss([[[2, -1], [0, 1]]], [[0, 1]], { alpha: 0.3, beta: 0.7 }).item() // 0.11920172721147537
 */
export const tverskyLoss = /* @__PURE__ */ defineOverlapLoss<TverskyLossOptions>(
  "tverskyLoss",
  (options) => {
    checkFactors("tverskyLoss", options);
    return { hits: 1, fp: options.alpha, fn: options.beta };
  },
  { alpha: 0.5, beta: 0.5 },
);

/** `tverskyLoss` with its options kept. */
export const TverskyLoss = /* @__PURE__ */ lossClass("TverskyLoss", tverskyLoss);

/**
 * Focal Tversky loss: the Tversky loss of each class to the power of gamma. The paper writes 1 / gamma with gamma 4/3.
 *
 * Shapes and options as `diceLoss`. A loss of exactly 0 has gradient 0, where the power's own slope would be infinite.
 * Source: Abraham and Khan, "A novel focal Tversky loss function" (2018), arXiv 1810.07842.
 * @throws ArgumentError for a negative alpha or beta, or a gamma that is not above 0; else as `diceLoss`.
 * @example focalTverskyLoss([[[2, -1], [0, 1]]], [[0, 1]]).item() // 0.20286723971366882
 */
export const focalTverskyLoss = /* @__PURE__ */ defineOverlapLoss<FocalTverskyLossOptions>(
  "focalTverskyLoss",
  (options) => {
    checkFactors("focalTverskyLoss", options);
    const { alpha, beta, gamma } = options;
    if (!(gamma > 0)) {
      throw new ArgumentError({
        op: "focalTverskyLoss",
        rule: "gamma must be a number above 0",
        received: String(gamma),
      });
    }
    return { hits: 1, fp: alpha, fn: beta, shape: (loss) => powerFromZero(loss, gamma) };
  },
  { alpha: 0.3, beta: 0.7, gamma: 0.75 },
);

/** `focalTverskyLoss` with its options kept. */
export const FocalTverskyLoss = /* @__PURE__ */ lossClass("FocalTverskyLoss", focalTverskyLoss);
