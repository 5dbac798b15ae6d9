import { asTensor, distanceTransform, type Tensor, type TensorArg, where, zeros } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { regions } from "./regions.ts";

/** Size of a pixel, one for all dimensions or one for each. */
export type Spacing = number | readonly number[];

/** How far each pixel of a mask `[N, C, P]` is from the other kind: those inside and those outside, 0 for the others and where there is no other kind. */
function sides(
  op: string,
  mask: Tensor,
  space: readonly number[],
  spacing: Spacing,
): [inside: Tensor, outside: Tensor] {
  checkSpacing(op, spacing, space.length);
  const [n, c] = mask.shape as [number, number];
  const distance = (side: Tensor) => {
    const whole = side.reshape([n, c, ...space]);
    const found = distanceTransform(whole, { spatialDims: space.length, spacing, dtype: "float64" });
    return where(found.eq(Number.POSITIVE_INFINITY), 0, found).reshape(mask.shape);
  };
  return [distance(mask), distance(mask.logicalNot())];
}

function checkSpacing(op: string, spacing: Spacing, dims: number): void {
  const sizes = typeof spacing === "number" ? [spacing] : spacing;
  const fits = typeof spacing === "number" || sizes.length === dims;
  const usable = sizes.every((size) => size > 0 && size < Number.POSITIVE_INFINITY);
  checkOption(
    op,
    "spacing",
    spacing,
    `above 0: one number, or ${dims} (one for each spatial dimension)`,
    fits && usable,
  );
}

/** The distances of both sides as one field: 0 nowhere, except where a mask fills or misses its image. */
export function borderDistances(op: string, mask: Tensor, space: readonly number[], spacing: Spacing): Tensor {
  const [inside, outside] = sides(op, mask, space, spacing);
  return inside.add(outside);
}

export interface SignedDistanceMapOptions {
  /** The number of classes, for class indices. Default: the target has a mask for each channel. */
  readonly classes?: number;
  /** Pixels with this class index belong to no class. Default -100. */
  readonly ignoreIndex?: number;
  /** Size of a pixel, one for all dimensions or one for each. Default 1. */
  readonly spacing?: Spacing;
}

/**
 * Signed distances of each class's region, for `boundaryLoss`: outside the distance to the region; inside 1 minus the distance to what is outside, so that the
 * region's outermost pixels have 0. A class that fills or misses an image has 0 everywhere.
 *
 * Shapes: class indices `[N, d1, ...]` and `classes: C`, to `[N, C, d1, ...]`; or masks `[N, C, d1, ...]`, to the same shape. float32, rounded once. It reads
 * the target's values, has no gradient and cannot be exported: compute it with the data.
 * Source: Kervadec et al. (2019), arXiv 1812.07032, as in the authors' code.
 * @throws ShapeError, DTypeError; ArgumentError for a spacing that does not fit; IndexOutOfRangeError for a target that is no class.
 * @example signedDistanceMap([[[0, 0, 1, 1, 1]]]).toArray() // [[[2,1,0,-1,-2]]]
 */
export function signedDistanceMap(target: TensorArg, options: SignedDistanceMapOptions = {}): Tensor {
  const { classes, spacing = 1, ...rest } = options;
  const t = asTensor(target);
  const shape = classes === undefined ? t.shape : [t.shape[0] ?? 1, classes, ...t.shape.slice(1)];
  const images = regions("signedDistanceMap", zeros(shape), target, { ...rest, activation: "none" });
  const [inside, outside] = sides("signedDistanceMap", images.truth().detach().gt(0.5), shape.slice(2), spacing);
  const signed = outside.add(where(inside.gt(0), inside.neg().add(1), 0));
  return signed.to("float32").reshape(shape);
}
