import { asTensor, fromTypedArray } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { apply, nonDifferentiable, type OneOutput, unsupported } from "../op.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { to } from "./to.ts";

interface DistanceAttrs {
  /** Size of a pixel along each of the last dimensions, which are space. */
  readonly spacing: readonly number[];
  readonly dtype: "float32" | "float64";
}

const definition: OneOutput<DistanceAttrs> = {
  name: "distanceTransform",
  shape: ([x], { dtype }) => ({ shape: x!.shape, dtype }),
  forward: (_k, [x], { spacing, dtype }, { shape }) => {
    const inside = to(x!, "bool").data() as Uint8Array;
    const squared = new Float64Array(inside.length);
    for (let i = 0; i < squared.length; i++) if (inside[i] !== 0) squared[i] = Number.POSITIVE_INFINITY;
    let stride = 1;
    for (let axis = shape.length - 1, i = spacing.length - 1; i >= 0; axis--, i--) {
      transformAlong(squared, shape[axis]!, stride, spacing[i]!);
      stride *= shape[axis]!;
    }
    for (let i = 0; i < squared.length; i++) squared[i] = Math.sqrt(squared[i]!);
    return to(fromTypedArray(squared, shape, "float64"), dtype);
  },
  gradient: nonDifferentiable("it only asks which elements are 0"),
  onnx: unsupported("ONNX has no distance transform; pass distances that were computed before"),
};

/**
 * Replaces squared distances by `min_j (squared_j + (spacing (i - j))^2)` along one dimension: the lower envelope of parabolas, in linear time (Felzenszwalb and
 * Huttenlocher 2012).
 */
function transformAlong(squared: Float64Array, size: number, stride: number, spacing: number): void {
  const line = new Float64Array(size);
  const vertex = new Int32Array(size);
  const from = new Float64Array(size + 1);
  const block = size * stride;
  for (let start = 0; start < squared.length; start += block) {
    for (let offset = start; offset < start + stride; offset++) {
      for (let i = 0; i < size; i++) line[i] = squared[offset + i * stride]!;
      const last = envelope(line, vertex, from, spacing);
      if (last < 0) continue;
      for (let i = 0, k = 0; i < size; i++) {
        while (k < last && from[k + 1]! < i) k++;
        const step = spacing * (i - vertex[k]!);
        squared[offset + i * stride] = line[vertex[k]!]! + step * step;
      }
    }
  }
}

/** The parabolas that are lowest somewhere, and from where on each is; -1 if all are infinitely high. */
function envelope(line: Float64Array, vertex: Int32Array, from: Float64Array, spacing: number): number {
  const area = spacing * spacing;
  let last = -1;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === Number.POSITIVE_INFINITY) continue;
    let crossing = Number.NEGATIVE_INFINITY;
    while (last >= 0) {
      const j = vertex[last]!;
      crossing = ((line[i]! - line[j]!) / area + i * i - j * j) / (2 * (i - j));
      if (crossing > from[last]!) break;
      last--;
      crossing = Number.NEGATIVE_INFINITY;
    }
    last++;
    vertex[last] = i;
    from[last] = crossing;
  }
  return last;
}

export interface DistanceTransformOptions {
  /** How many of the last dimensions are space; those before are images of their own. Default all. */
  readonly spatialDims?: number;
  /** Size of a pixel, one for all dimensions or one for each. Default 1. */
  readonly spacing?: number | readonly number[];
  /** Default "float32". */
  readonly dtype?: "float32" | "float64";
}

/**
 * The Euclidean distance of each element to the nearest element that is 0 (false), exact: 0 for those themselves, infinite where an image has none. Same shape.
 * @throws ArgumentError for a spacing that is not above 0 or a number of spatial dimensions that x does not have.
 * @example distanceTransform([0, 1, 1, 1, 0]).toArray() // [0, 1, 2, 1, 0]
 */
export function distanceTransform(x: TensorArg, options: DistanceTransformOptions = {}): Tensor {
  const t = asTensor(x);
  const { spatialDims = t.ndim, spacing = 1, dtype = "float32" } = options;
  if (!Number.isInteger(spatialDims) || spatialDims < 0 || spatialDims > t.ndim) {
    throw new ArgumentError({
      op: "distanceTransform",
      rule: "spatialDims must be a number of dimensions that there are",
      received: `${spatialDims} for ${formatShape(t.shape)}`,
    });
  }
  const sizes = typeof spacing === "number" ? new Array<number>(spatialDims).fill(spacing) : spacing;
  if (sizes.length !== spatialDims || !sizes.every((s) => s > 0 && s < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError({
      op: "distanceTransform",
      rule: "spacing must be above 0, one number for each spatial dimension",
      received: JSON.stringify(spacing),
      expected: `${spatialDims} numbers, or one`,
    });
  }
  return apply(definition, [t], { spacing: sizes, dtype });
}
