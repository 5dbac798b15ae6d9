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
import { checkOneOf, checkOption } from "../core/check-option.ts";
import { ratio } from "../core/ratio.ts";
import { realDoubles } from "../core/real-doubles.ts";

export interface BoxLossOptions {
  /** What is added to areas and squared diagonals before dividing by them. 0 is exact, and safe: two boxes without area have overlap 0. Default 1e-7. */
  readonly eps?: number;
  /** What a box's four numbers are: two corners, a corner and the size, or the centre and the size. Default "xyxy". */
  readonly format?: BoxFormat;
}

export type BoxFormat = "xyxy" | "xywh" | "cxcywh";

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

function boxesOf(x: Tensor, format: BoxFormat): Boxes {
  const [p, q, r, s] = [0, 1, 2, 3].map((i) => x.select(-1, i)) as [Tensor, Tensor, Tensor, Tensor];
  if (format === "xyxy") return { left: p, top: q, right: r, bottom: s, width: r.sub(p), height: s.sub(q) };
  const [left, top] = format === "xywh" ? [p, q] : [p.sub(r.mul(0.5)), q.sub(s.mul(0.5))];
  return { left, top, right: left.add(r), bottom: top.add(s), width: r, height: s };
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

/** Pairs of boxes `[..., 4]`. */
export function boxPair(
  op: string,
  input: TensorArg,
  target: TensorArg,
  eps: number,
  format: BoxFormat = "xyxy",
): BoxPair {
  checkOneOf(op, "format", format, ["xyxy", "xywh", "cxcywh"]);
  checkOption(op, "eps", eps, "a number of 0 or more", eps >= 0);
  const [x, y] = realDoubles(input, target);
  checkBoxes(op, x, y);
  const [a, b] = [boxesOf(x, format), boxesOf(y, format)];
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
