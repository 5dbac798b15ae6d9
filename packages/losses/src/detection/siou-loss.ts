import { expm1, maximum, type Tensor, type TensorArg } from "@tenon/numerics";
import { absPower } from "../core/abs-power.ts";
import { checkAllPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { ratio } from "../core/ratio.ts";
import { type BoxLossOptions, type BoxPair, boxPair } from "./boxes.ts";

export interface SiouLossOptions extends BoxLossOptions {
  /** Power of the shape's terms. Default 4; the paper searches between 2 and 6. */
  readonly theta?: number;
}

/**
 * SCYLLA-IoU loss: `1 - IoU + (D + S) / 2`, where D draws the centres together, first along the nearer axis, and S makes the shapes alike.
 *
 *     A = 2 |dx dy| / (dx^2 + dy^2)                                        sine of twice the angle between the line of the centres and an axis
 *     D = sum over both axes of 1 - e^-((2 - A) (dx / W)^2)                W, H: the sizes of the smallest box around both
 *     S = sum over both sizes of (1 - e^-(|w - w*| / max(w, w*)))^theta
 *
 * Shapes and boxes as `iouLoss`. Boxes with one centre have A = 0. The terms are `-expm1(...)`, so that boxes nearly alike keep their tiny losses.
 * Source: Gevorgyan, "SIoU Loss: More Powerful Learning for Bounding Box Regression" (2022), arXiv 2205.12740.
 * @throws ShapeError unless the last dimension is 4 and the shapes fit; ArgumentError unless theta is above 0, or for an unknown format.
 * @example siouLoss([[0, 0, 2, 2]], [[0, 0, 2, 1]], { eps: 0 }).item() // 0.5707358717918396
 */
export const siouLoss = /* @__PURE__ */ lossFunction(
  "siouLoss",
  (input: TensorArg, target: TensorArg, { eps = 1e-7, theta = 4, format }: SiouLossOptions): Tensor => {
    checkAllPositive("siouLoss", { theta });
    const pair = boxPair("siouLoss", input, target, eps, format);
    const { a, b } = pair;
    const shape = unlike(a.width, b.width, theta, eps).add(unlike(a.height, b.height, theta, eps));
    return distance(pair, eps).add(shape).mul(0.5).add(pair.overlap.neg().add(1));
  },
);

/** `siouLoss` with its options kept. */
export const SiouLoss = /* @__PURE__ */ lossClass("SiouLoss", siouLoss);

function distance({ a, b, hullWidth, hullHeight }: BoxPair, eps: number): Tensor {
  const dx = a.left.add(a.right).sub(b.left).sub(b.right).mul(0.5);
  const dy = a.top.add(a.bottom).sub(b.top).sub(b.bottom).mul(0.5);
  const angle = ratio(dx.mul(dy).abs().mul(2), dx.square().add(dy.square()), eps);
  const steepness = angle.sub(2);
  const along = (d: Tensor, size: Tensor) => expm1(ratio(d.square(), size.square(), eps).mul(steepness)).neg();
  return along(dx, hullWidth).add(along(dy, hullHeight));
}

function unlike(a: Tensor, b: Tensor, theta: number, eps: number): Tensor {
  return absPower(expm1(ratio(a.sub(b).abs(), maximum(a, b), eps).neg()).neg(), theta);
}
