import { binaryEntropyWithLogits, sigmoid, where } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { bounded, checkNotNegative } from "./logistic.ts";
import { powerOf } from "./power-of.ts";

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
  (input, target, { beta }) => {
    const entropy = binaryEntropyWithLogits(input, target, { reduction: "none" });
    if (beta === 0) return entropy;
    const z = bounded(input);
    const miss = sigmoid(z.neg())
      .mul(target)
      .sub(sigmoid(z).mul(target.neg().add(1)));
    // The square has no corner at 0.
    return entropy.mul(beta === 2 ? miss.square() : powerOf(miss.abs(), beta));
  },
  {
    defaults: { beta: 2 },
    check: (_input, _target, { beta }) => checkNotNegative("qualityFocalLoss", { beta }),
    shapes: "same",
    targets: "probability",
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
  (input, target, { alpha, gamma }) => {
    const entropy = binaryEntropyWithLogits(input, target, { reduction: "none" });
    const held = powerOf(sigmoid(bounded(input)), gamma).mul(alpha);
    return entropy.mul(where(target.gt(0), target, held));
  },
  {
    defaults: { alpha: 0.75, gamma: 2 },
    check: (_input, _target, { alpha, gamma }) => checkNotNegative("varifocalLoss", { alpha, gamma }),
    shapes: "same",
    targets: "probability",
  },
);

/** `varifocalLoss` with its options kept. */
export const VarifocalLoss = /* @__PURE__ */ lossClass("VarifocalLoss", varifocalLoss);
