import { qualityFocalError, varifocalError } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { checkNotNegative } from "./logistic.ts";

export interface QualityFocalLossOptions {
  /** How much elements near their target are held back. Default 2. */
  readonly beta: number;
}

/**
 * Quality focal loss of single logits against scores from 0 to 1: `loss = |t - p|^beta bce(z, t)`, p the sigmoid of z. For targets of 0 and 1 it is the
 * focal loss without alpha.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. t - p is `t sigmoid(-z) - (1 - t) sigmoid(z)`: at the ends
 * nothing cancels.
 * Source: Li et al., "Generalized Focal Loss" (2020), arXiv 2006.04388.
 * @throws ArgumentError for a negative beta; ShapeError unless the shapes agree.
 * @example qualityFocalLoss([0], [0.75]).item() // 0.043321698904037476
 */
export const qualityFocalLoss = /* @__PURE__ */ defineLoss<QualityFocalLossOptions>(
  "qualityFocalLoss",
  (input, target, { beta }) => qualityFocalError(input, target, { beta, reduction: "none" }),
  {
    fused: (input, target, { beta, reduction }) => qualityFocalError(input, target, { beta, reduction }),
    defaults: { beta: 2 },
    check: (_input, _target, { beta }) => checkNotNegative("qualityFocalLoss", { beta }),
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/** `qualityFocalLoss` with its options kept. */
export const QualityFocalLoss = /* @__PURE__ */ lossClass("QualityFocalLoss", qualityFocalLoss);

export interface VarifocalLossOptions {
  /** Factor of elements whose target is 0. Default 0.75. */
  readonly alpha: number;
  /** How much those are held back where they are confident. Default 2. */
  readonly gamma: number;
}

/**
 * Varifocal loss of single logits against scores from 0 to 1: `loss = t bce(z, t)` where t is above 0, `alpha p^gamma bce(z, 0)` where it is 0, p the sigmoid of z.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`.
 * Source: Zhang et al., "VarifocalNet" (2020), arXiv 2008.13367.
 * @throws ArgumentError for a negative alpha or gamma; ShapeError unless the shapes agree.
 * @example varifocalLoss([0, 0], [0.75, 0], { reduction: "none" }).toArray() // [0.5198603868484497, 0.12996509671211243]
 */
export const varifocalLoss = /* @__PURE__ */ defineLoss<VarifocalLossOptions>(
  "varifocalLoss",
  (input, target, { alpha, gamma }) => varifocalError(input, target, { alpha, gamma, reduction: "none" }),
  {
    fused: (input, target, { alpha, gamma, reduction }) => varifocalError(input, target, { alpha, gamma, reduction }),
    defaults: { alpha: 0.75, gamma: 2 },
    check: (_input, _target, { alpha, gamma }) => checkNotNegative("varifocalLoss", { alpha, gamma }),
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/** `varifocalLoss` with its options kept. */
export const VarifocalLoss = /* @__PURE__ */ lossClass("VarifocalLoss", varifocalLoss);
