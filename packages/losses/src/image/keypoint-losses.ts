import {
  ArgumentError,
  asTensor,
  broadcastShapes,
  expm1,
  formatShape,
  norm,
  ShapeError,
  sameShape,
  sign,
  type Tensor,
  type TensorArg,
  tensor,
  where,
  xlogy,
} from "@tenon/numerics";
import { checkAllPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { ratio } from "../core/ratio.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { Losses } from "../core/reduction.ts";
import { double } from "../probabilistic/parameters.ts";

/** Two tensors of one shape as float64. */
function pairOf(op: string, input: TensorArg, target: TensorArg, rank: number, form: string): [Tensor, Tensor] {
  const [x, t] = realDoubles(asTensor(input), asTensor(target));
  if (x.ndim >= rank && sameShape(x.shape, t.shape)) return [x, t];
  throw new ShapeError({
    op,
    rule: "input and target must have one shape",
    received: `input ${formatShape(x.shape)}, target ${formatShape(t.shape)}`,
    expected: `${form} both`,
  });
}

function checkShape(op: string, name: string, values: Tensor, shape: readonly number[], of = "point"): void {
  if (sameShape(values.shape, shape)) return;
  throw new ShapeError({
    op,
    rule: `there must be one ${name} for each ${of}`,
    received: formatShape(values.shape),
    expected: formatShape(shape),
  });
}

export interface PositionErrorOptions {
  /** Which points count (bool), `[..., k]`. Default all. */
  readonly mask?: TensorArg;
}

/**
 * Mean per-joint position error: the Euclidean distance of each point to its target.
 *
 * Shapes: input and target `[..., k, d]`, to a scalar (the mean over all points that count), or `[..., k]` with `reduction: "none"`. Points that are met have
 * derivative 0; distances neither overflow nor underflow. Source: Ionescu et al., "Human3.6M" (2014).
 * @throws ShapeError unless the shapes are one, and the mask's that of the points.
 * @example meanPerJointPositionError([[0, 0], [3, 4]], [[0, 0], [0, 0]]).item() // 2.5
 */
export const meanPerJointPositionError = /* @__PURE__ */ lossFunction(
  "meanPerJointPositionError",
  (input: TensorArg, target: TensorArg, { mask }: PositionErrorOptions): Tensor | Losses => {
    const [x, t] = pairOf("meanPerJointPositionError", input, target, 1, "[..., k, d]");
    if (mask === undefined) return norm(x.sub(t), -1);
    const kept = asTensor(mask).to("bool");
    checkShape("meanPerJointPositionError", "mask value", kept, x.shape.slice(0, -1));
    const d = where(kept.unsqueeze(-1), x, 0).sub(where(kept.unsqueeze(-1), t, 0));
    return { losses: norm(d, -1), divisor: kept.to(x.dtype).sum() };
  },
);

/** `meanPerJointPositionError` with its options kept. */
export const MPJPELoss = /* @__PURE__ */ lossClass("MPJPELoss", meanPerJointPositionError);

export interface OksLossOptions {
  /** How far off each kind of point is by hand labelling, over the root of the area: `[k]`. Default COCO's, for 17 points. */
  readonly sigmas?: TensorArg;
  /** Area of each object, `[...]`. Default 1. */
  readonly area?: TensorArg;
  /** Which points count (bool), `[..., k]`. Default all. */
  readonly visible?: TensorArg;
}

// Nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles.
const COCO: readonly number[] = [
  0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089,
];

/**
 * One minus the object keypoint similarity: `1 - mean of e^(-d^2 / (2 area (2 sigma)^2))` over the points that count, d their distance to the target.
 *
 * Shapes: input and target `[..., k, d]`, to a scalar, or one loss an object, `[...]`, with `reduction: "none"`. Small distances keep their digits (`expm1`).
 * An object without points that count has loss 0 and is not in the mean; one without area has loss 1 at every point that is not met. Sources: the COCO keypoint evaluation; as a loss, Maji et al., "YOLO-Pose" (2022),
 * arXiv 2204.06806.
 * @throws ShapeError unless the shapes fit; ArgumentError if sigmas are missing and there are not 17 points.
 * @example oksLoss([[[0, 0], [1, 0]]], [[[0, 0], [0, 0]]], { sigmas: [0.5, 0.5] }).item() // 0.19673466682434082
 */
export const oksLoss = /* @__PURE__ */ lossFunction(
  "oksLoss",
  (input: TensorArg, target: TensorArg, { sigmas, area = 1, visible }: OksLossOptions): Losses => {
    const [x, t] = pairOf("oksLoss", input, target, 2, "[..., k, d]");
    const points = x.shape.slice(0, -1);
    const [width, size] = realDoubles(sigmasFor(points.at(-1)!, sigmas), double(area));
    checkArea(size, points.slice(0, -1));
    const reach = size
      .sqrt()
      .mul(2 * Math.SQRT2)
      .unsqueeze(-1)
      .mul(width)
      .unsqueeze(-1);
    if (visible === undefined) return { losses: dissimilarity(x.sub(t), reach).mean(-1) };
    const kept = asTensor(visible).to("bool");
    checkShape("oksLoss", "visibility", kept, points);
    // Unseen points often have no position, or NaN: it must not meet a gradient of 0.
    const losses = dissimilarity(where(kept.unsqueeze(-1), x.sub(t), 0), reach);
    const counts = kept.to(x.dtype).sum(-1);
    return {
      losses: ratio(where(kept, losses, 0).sum(-1), counts),
      divisor: () => counts.gt(0).to(x.dtype).sum(),
    };
  },
);

/** `oksLoss` with its options kept. */
export const OKSLoss = /* @__PURE__ */ lossClass("OKSLoss", oksLoss);

/** `1 - e^-(d / reach)^2` of each point; an object without area is met or missed. */
function dissimilarity(d: Tensor, reach: Tensor): Tensor {
  const none = reach.eq(0);
  // Beyond 40 the similarity is 0 in float64; the clamp keeps infinite distances out of products.
  const z = where(none, sign(d).mul(40), d.div(where(none, 1, reach)).clamp({ min: -40, max: 40 }));
  return expm1(z.square().sum(-1).neg()).neg();
}

function checkArea(area: Tensor, objects: readonly number[]): void {
  if (sameShape(broadcastShapes("oksLoss", area.shape, objects), objects)) return;
  throw new ShapeError({
    op: "oksLoss",
    rule: "there must be one area for each object",
    received: formatShape(area.shape),
    expected: formatShape(objects),
  });
}

function sigmasFor(points: number, sigmas: TensorArg | undefined): Tensor {
  if (sigmas === undefined && points !== COCO.length) {
    throw new ArgumentError({
      op: "oksLoss",
      rule: "these points have no sigmas by default",
      received: `${points} points`,
      expected: "17 points, as in COCO, or sigmas",
    });
  }
  const given = sigmas === undefined ? tensor([...COCO], { dtype: "float64" }) : asTensor(sigmas);
  if (sameShape(given.shape, [points])) return given;
  throw new ShapeError({
    op: "oksLoss",
    rule: "there must be one sigma for each point",
    received: formatShape(given.shape),
    expected: formatShape([points]),
  });
}

export interface KlDiscretOptions {
  /** Factor of the logits. Default 1. */
  readonly beta?: number;
  /** Makes probabilities of the targets by a softmax of targetBeta times them. Default false: they are probabilities. */
  readonly targetSoftmax?: boolean;
  /** Default 10. */
  readonly targetBeta?: number;
  /** Factor of each coordinate, `[...]`. Default none. */
  readonly weight?: TensorArg;
}

/**
 * Kullback-Leibler divergence of coordinates as classes (SimCC): `1 / W sum t (log t - log softmax(beta input))` over the W bins of one coordinate.
 *
 * Shapes: input (logits) and target `[..., W]`, to a scalar, or `[...]` with `reduction: "none"`; the loss of a point is the sum of those of its coordinates.
 * Empty bins count 0, also where the logit is -Infinity. Source: Li et al., "SimCC: a Simple Coordinate Classification Perspective for Human Pose Estimation"
 * (2022), arXiv 2107.03332; defaults as mmpose's KLDiscretLoss.
 * @throws ShapeError unless the shapes are one; ArgumentError unless beta and targetBeta are above 0.
 * @example klDiscretLoss([[0, 0]], [[1, 0]]).item() // 0.3465735912322998
 */
export const klDiscretLoss = /* @__PURE__ */ lossFunction(
  "klDiscretLoss",
  (input: TensorArg, target: TensorArg, options: KlDiscretOptions): Tensor => {
    const { beta = 1, targetSoftmax = false, targetBeta = 10, weight } = options;
    checkAllPositive("klDiscretLoss", { beta, targetBeta });
    const [x, given] = pairOf("klDiscretLoss", input, target, 1, "[..., W]");
    const t = targetSoftmax ? given.mul(targetBeta).softmax(-1) : given;
    const empty = t.eq(0);
    const some = where(empty, 1, t);
    const terms = where(empty, 0, xlogy(some, some).sub(some.mul(where(empty, 0, x.mul(beta).logSoftmax(-1)))));
    const losses = terms.mean(-1);
    if (weight === undefined) return losses;
    const [factors] = realDoubles(asTensor(weight));
    checkShape("klDiscretLoss", "weight", factors, losses.shape, "coordinate");
    return losses.mul(factors);
  },
);

/** `klDiscretLoss` with its options kept. */
export const KLDiscretLoss = /* @__PURE__ */ lossClass("KLDiscretLoss", klDiscretLoss);
