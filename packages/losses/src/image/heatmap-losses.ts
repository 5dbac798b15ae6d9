import { ArgumentError, log1p, logSigmoid, pow, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { fittingDoubles } from "../probabilistic/parameters.ts";

export interface HeatmapFocalOptions {
  /** How much confident pixels are held back. Default 2. */
  readonly alpha?: number;
  /** How much pixels near a centre are excused. Default 4. */
  readonly beta?: number;
}

// Beyond it a sigmoid is 0 or 1 in float64.
const SURE = 750;

/**
 * Focal loss of heatmaps with soft targets, of CornerNet and CenterNet: `-(1 - p)^alpha log p` where the target is 1, else
 * `-(1 - t)^beta p^alpha log(1 - p)`, p = sigmoid(input).
 *
 * Shapes: input (logits) and target alike (or stretched to the greater), to a scalar, or that shape with `reduction: "none"`. "mean" divides by the number of
 * targets that are 1, or by 1 if there are none. Both logarithms come from the logits. Sources: Law and Deng, "CornerNet" (2018), arXiv 1808.01244; Zhou et
 * al., "Objects as Points" (2019), arXiv 1904.07850, whose code clamps p to 1e-4 from the ends: this does not.
 * @throws ArgumentError for a negative alpha or beta; ShapeError if the shapes do not fit or would stretch each other.
 * @example heatmapFocalLoss([0, 0], [1, 0.5]).item() // 0.18411721289157867
 */
export const heatmapFocalLoss = /* @__PURE__ */ lossFunction(
  "heatmapFocalLoss",
  (input: TensorArg, target: TensorArg, { alpha = 2, beta = 4 }: HeatmapFocalOptions): Losses => {
    checkPowers(alpha, beta);
    const { input: x, target: t } = fittingDoubles("heatmapFocalLoss", { input, target });
    const centre = t.eq(1);
    // The logit of the wrong answer: large is bad.
    const wrong = where(centre, x.neg(), x);
    const doubt = logSigmoid(wrong.clamp({ min: -SURE, max: SURE }))
      .mul(alpha)
      .exp();
    const surprise = logSigmoid(wrong.neg()).neg();
    const excuse = where(centre, 1, where(centre, 0, t).neg().add(1).pow(beta));
    return {
      losses: surprise.mul(doubt).mul(excuse),
      divisor: () => centre.expand(surprise.shape).to(x.dtype).sum().clamp({ min: 1 }),
    };
  },
);

/** `heatmapFocalLoss` with its options kept. */
export const HeatmapFocalLoss = /* @__PURE__ */ lossClass("HeatmapFocalLoss", heatmapFocalLoss);

function checkPowers(alpha: number, beta: number): void {
  if (alpha >= 0 && beta >= 0) return;
  throw new ArgumentError({
    op: "heatmapFocalLoss",
    rule: "alpha and beta must be 0 or more",
    received: `alpha ${alpha}, beta ${beta}`,
  });
}

export interface AdaptiveWingOptions {
  /** The middle's power is alpha - t: above 2, so that it is smooth where t is 0 and sharp where it is 1. Default 2.1. */
  readonly alpha: number;
  /** Size of the nonlinear part. Default 14. */
  readonly omega: number;
  /** How sharp the middle is. Default 1. */
  readonly epsilon: number;
  /** Up to this error the loss is nonlinear. Default 0.5. */
  readonly theta: number;
}

/**
 * Adaptive wing loss of heatmaps with targets t from 0 to 1: `omega log(1 + (d / epsilon)^(alpha - t))` for `d < theta`, else `A d - C` with A and C such
 * that value and slope go over into each other, d = |t - input|.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. The derivative at d = 0 is 0.
 * Source: Wang et al., "Adaptive Wing Loss for Robust Face Alignment via Heatmap Regression" (ICCV 2019), arXiv 1904.07399.
 * @throws ArgumentError unless omega, epsilon and theta are above 0; ShapeError if the shapes would stretch each other (`broadcast: true` allows it).
 * @example adaptiveWingLoss([0.25, 0], [0, 1], { reduction: "none" }).toArray() // [0.7417313456535339, 10.259383201599121]
 */
export const adaptiveWingLoss = /* @__PURE__ */ defineLoss<AdaptiveWingOptions>(
  "adaptiveWingLoss",
  (input, target, { alpha, omega, epsilon, theta }) => {
    const d = target.sub(input).abs();
    const power = target.neg().add(alpha);
    const edge = pow(theta / epsilon, power);
    const slope = edge
      .div(edge.add(1))
      .mul(power)
      .mul(omega / theta);
    const far = slope.mul(d.sub(theta)).add(log1p(edge).mul(omega));
    const near = d.lt(theta);
    return where(near, log1p(curve(where(near, d, 0).div(epsilon), power)).mul(omega), far);
  },
  {
    defaults: { alpha: 2.1, omega: 14, epsilon: 1, theta: 0.5 },
    check: (_input, _target, { omega, epsilon, theta }) =>
      checkAllPositive("adaptiveWingLoss", { omega, epsilon, theta }),
  },
);

/** `adaptiveWingLoss` with its options kept. */
export const AdaptiveWingLoss = /* @__PURE__ */ lossClass("AdaptiveWingLoss", adaptiveWingLoss);

// 0 to a power has derivative 0, its second derivative may be infinite.
function curve(d: Tensor, power: Tensor): Tensor {
  const none = d.eq(0);
  return where(none, 0, where(none, 1, d).pow(power));
}
