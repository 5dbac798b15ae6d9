import type { Tensor, TensorArg } from "@tenon/numerics";
import { absPower } from "../core/abs-power.ts";
import { checkAllPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { ratio } from "../core/ratio.ts";
import { type BoxLossOptions, type BoxPair, boxPair, centreDistance, shapeAngle } from "./boxes.ts";

const EPS = 1e-7;

function boxLoss<O extends BoxLossOptions>(name: string, formula: (pair: BoxPair, eps: number, options: O) => Tensor) {
  return lossFunction(name, (input: TensorArg, target: TensorArg, options: O): Tensor => {
    const { eps = EPS, format } = options;
    return formula(boxPair(name, input, target, eps, format), eps, options);
  });
}

const disjoint = (pair: BoxPair) => pair.overlap.neg().add(1);

export interface IouLossOptions extends BoxLossOptions {
  /** Power of the overlap. Default 1; 3 is the alpha-IoU loss of He et al., which weighs good boxes more. */
  readonly alpha?: number;
}

/**
 * Intersection-over-union loss of boxes: `1 - IoU^alpha`, IoU = area of the intersection / (area of the union + eps).
 *
 * Shapes: input and target `[..., 4]`, corners x1, y1, x2, y2 with x1 <= x2 and y1 <= y2 (or another `format`); to a scalar, or `[...]` with `reduction:
 * "none"`. Boxes that do not overlap have loss 1 and no gradient: `generalizedIouLoss` and its successors pull them together. Boxes without area are safe
 * with every eps. Sources: Yu et al., "UnitBox" (2016), arXiv 1608.01471; He et al., "Alpha-IoU" (2021), arXiv 2110.13675.
 * @throws ShapeError unless the last dimension is 4 and the shapes fit; ArgumentError unless alpha is above 0, for an eps below 0 or an unknown format.
 * @example iouLoss([[0, 0, 2, 2]], [[0, 0, 2, 1]], { eps: 0 }).item() // 0.5
 */
export const iouLoss = /* @__PURE__ */ boxLoss<IouLossOptions>("iouLoss", (pair, _eps, { alpha = 1 }) => {
  checkAllPositive("iouLoss", { alpha });
  return alpha === 1 ? disjoint(pair) : absPower(pair.overlap, alpha).neg().add(1);
});

/** `iouLoss` with its options kept. */
export const IouLoss = /* @__PURE__ */ lossClass("IouLoss", iouLoss);

/**
 * Generalized IoU loss: `1 - IoU + (H - U) / H`, H the area of the smallest box around both and U that of their union; from 0 to 2.
 *
 * Shapes and boxes as `iouLoss`. Source: Rezatofighi et al., "Generalized Intersection over Union" (CVPR 2019), arXiv 1902.09630; eps as torchvision's.
 * Differs from torchvision: the mean by default, float64 inside.
 * @throws ShapeError unless the last dimension is 4 and the shapes fit.
 * @example generalizedIouLoss([[0, 0, 1, 1]], [[2, 0, 3, 1]], { eps: 0 }).item() // 1.3333333730697632
 */
export const generalizedIouLoss = /* @__PURE__ */ boxLoss("generalizedIouLoss", (pair, eps) => {
  const hull = pair.hullWidth.mul(pair.hullHeight);
  return disjoint(pair).add(ratio(hull.sub(pair.union), hull, eps));
});

/** `generalizedIouLoss` with its options kept. */
export const GeneralizedIouLoss = /* @__PURE__ */ lossClass("GeneralizedIouLoss", generalizedIouLoss);

/**
 * Distance IoU loss: `1 - IoU + d^2 / c^2`, d the distance of the centres and c the diagonal of the smallest box around both.
 *
 * Shapes and boxes as `iouLoss`. Source: Zheng et al., "Distance-IoU Loss" (AAAI 2020), arXiv 1911.08287; eps as torchvision's.
 * Differs from torchvision: the mean by default, float64 inside.
 * @throws ShapeError unless the last dimension is 4 and the shapes fit.
 * @example distanceIouLoss([[0, 0, 1, 1]], [[2, 0, 3, 1]], { eps: 0 }).item() // 1.399999976158142
 */
export const distanceIouLoss = /* @__PURE__ */ boxLoss("distanceIouLoss", (pair, eps) =>
  disjoint(pair).add(centreDistance(pair, eps)),
);

/** `distanceIouLoss` with its options kept. */
export const DistanceIouLoss = /* @__PURE__ */ lossClass("DistanceIouLoss", distanceIouLoss);

/**
 * Complete IoU loss: that of `distanceIouLoss` and `alpha v`, where `v = 4 / pi^2 (atan(w* / h*) - atan(w / h))^2` compares the boxes' shapes and
 * `alpha = v / (1 - IoU + v + eps)` weighs it; alpha is a constant to the gradient.
 *
 * Shapes and boxes as `iouLoss`. The angle of a box without height is pi / 2, that of a point 0.
 * Source: Zheng et al., "Distance-IoU Loss" (AAAI 2020), arXiv 1911.08287; eps as torchvision's.
 * Differs from torchvision: the mean by default, float64 inside, no NaN for points.
 * @throws ShapeError unless the last dimension is 4 and the shapes fit.
 * @example completeIouLoss([[0, 0, 2, 2]], [[0, 0, 2, 1]], { eps: 0 }).item() // 0.5344981551170349
 */
export const completeIouLoss = /* @__PURE__ */ boxLoss("completeIouLoss", (pair, eps) => {
  const v = shapeAngle(pair.b)
    .sub(shapeAngle(pair.a))
    .square()
    .mul(4 / Math.PI ** 2);
  const apart = disjoint(pair);
  const alpha = ratio(v, apart.add(v), eps).detach();
  return apart.add(centreDistance(pair, eps)).add(alpha.mul(v));
});

/** `completeIouLoss` with its options kept. */
export const CompleteIouLoss = /* @__PURE__ */ lossClass("CompleteIouLoss", completeIouLoss);

/**
 * Efficient IoU loss: that of `distanceIouLoss` and `(w - w*)^2 / W^2 + (h - h*)^2 / H^2`, W and H the sizes of the smallest box around both.
 *
 * Shapes and boxes as `iouLoss`. Source: Zhang et al., "Focal and Efficient IOU Loss for Accurate Bounding Box Regression" (2021), arXiv 2101.08158.
 * @throws ShapeError unless the last dimension is 4 and the shapes fit.
 * @example efficientIouLoss([[0, 0, 2, 2]], [[0, 0, 2, 1]], { eps: 0 }).item() // 0.78125
 */
export const efficientIouLoss = /* @__PURE__ */ boxLoss("efficientIouLoss", (pair, eps) => {
  const width = ratio(pair.a.width.sub(pair.b.width).square(), pair.hullWidth.square(), eps);
  const height = ratio(pair.a.height.sub(pair.b.height).square(), pair.hullHeight.square(), eps);
  return disjoint(pair).add(centreDistance(pair, eps)).add(width).add(height);
});

/** `efficientIouLoss` with its options kept. */
export const EfficientIouLoss = /* @__PURE__ */ lossClass("EfficientIouLoss", efficientIouLoss);
