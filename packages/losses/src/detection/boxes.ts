import {
  atan,
  atan2,
  broadcastShapes,
  formatShape,
  isTracing,
  maximum,
  minimum,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { ratio } from "../core/ratio.ts";

export interface BoxLossOptions {
  /** What is added to areas and squared diagonals before dividing by them. 0 is exact, and safe: two boxes without area have overlap 0. Default 1e-7. */
  readonly eps?: number;
}

/** Corners of boxes and their sizes, each `[...]`. */
export interface Boxes {
  readonly left: Tensor;
  readonly top: Tensor;
  readonly right: Tensor;
  readonly bottom: Tensor;
  readonly width: Tensor;
  readonly height: Tensor;
}

/** Two lists of boxes with what every loss of the family needs. */
export interface BoxPair {
  readonly a: Boxes;
  readonly b: Boxes;
  /** Intersection over union. */
  readonly overlap: Tensor;
  readonly union: Tensor;
  /** Width and height of the smallest box around both. */
  readonly hullWidth: Tensor;
  readonly hullHeight: Tensor;
}

function boxesOf(x: Tensor): Boxes {
  const [left, top, right, bottom] = [0, 1, 2, 3].map((i) => x.select(-1, i)) as [Tensor, Tensor, Tensor, Tensor];
  return { left, top, right, bottom, width: right.sub(left), height: bottom.sub(top) };
}

function checkBoxes(op: string, x: Tensor, y: Tensor): void {
  const fits = x.shape.at(-1) === 4 && y.shape.at(-1) === 4;
  const shape = fits ? broadcastShapes(op, x.shape, y.shape) : undefined;
  if (shape !== undefined && (sameShape(shape, x.shape) || sameShape(shape, y.shape))) return;
  throw new ShapeError({
    op,
    rule: "there must be pairs of boxes",
    received: `input ${formatShape(x.shape)}, target ${formatShape(y.shape)}`,
    expected: "[..., 4] both, of the same shape",
  });
}

/** Pairs of boxes `[..., 4]` as corners x1, y1, x2, y2. */
export function boxPair(op: string, input: TensorArg, target: TensorArg, eps: number): BoxPair {
  const [x, y] = doubles(input, target);
  checkBoxes(op, x, y);
  const [a, b] = [boxesOf(x), boxesOf(y)];
  // relu: boxes that only touch have no derivative of their overlap.
  const width = minimum(a.right, b.right).sub(maximum(a.left, b.left)).relu();
  const height = minimum(a.bottom, b.bottom).sub(maximum(a.top, b.top)).relu();
  const intersection = width.mul(height);
  const union = a.width.mul(a.height).add(b.width.mul(b.height)).sub(intersection);
  return {
    a,
    b,
    overlap: ratio(intersection, union, eps),
    union,
    hullWidth: maximum(a.right, b.right).sub(minimum(a.left, b.left)),
    hullHeight: maximum(a.bottom, b.bottom).sub(minimum(a.top, b.top)),
  };
}

/** The distance of the centres over the hull's diagonal, both squared. */
export function centreDistance({ a, b, hullWidth, hullHeight }: BoxPair, eps: number): Tensor {
  const dx = a.left.add(a.right).sub(b.left).sub(b.right).mul(0.5);
  const dy = a.top.add(a.bottom).sub(b.top).sub(b.bottom).mul(0.5);
  return ratio(dx.square().add(dy.square()), hullWidth.square().add(hullHeight.square()), eps);
}

/** `atan(width / height)`, 0 with derivative 0 for a point. */
export function shapeAngle({ width, height }: Boxes): Tensor {
  const point = width.eq(0).logicalAnd(height.eq(0));
  const safe = where(point, 1, height);
  const angle = isTracing() ? atan(width.div(safe)) : atan2(width, safe); // ONNX has no atan2
  return where(point, 0, angle);
}
