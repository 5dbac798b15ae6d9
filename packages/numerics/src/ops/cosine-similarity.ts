import { asTensor } from "../create.ts";
import { isFloatingPoint, promoteTypes } from "../dtype.ts";
import { isTracing } from "../runtime.ts";
import { broadcastShapes, normalizeDim } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { amax } from "./amax.ts";
import { clamp } from "./clamp.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { expand } from "./expand.ts";
import { gt } from "./gt.ts";
import { mul } from "./mul.ts";
import { norm } from "./norm.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

export interface CosineSimilarityOptions {
  /**
   * Vectors shorter than this are divided by it and not by their length. Default 1e-8; 0 is exact, with similarity 0 and gradient 0 for a vector of
   * zeros.
   */
  readonly eps?: number;
}

/**
 * The cosine of the angle between vectors along `dim`: `x1 . x2 / (max(|x1|, eps) max(|x2|, eps))`, from -1 to 1.
 *
 * Shapes: any that broadcast, without `dim` (default 1) in the result. Computed in float64 from vectors scaled by their largest element, so that no
 * length overflows or underflows, and rounded once.
 * @throws ShapeError if the shapes do not broadcast; IndexOutOfRangeError for a dimension that is not there.
 * Differs from PyTorch: the gradient of a vector shorter than eps is that of the formula, which has no length in it there.
 * @example cosineSimilarity([[3, 4]], [[4, 3]]).item() // 0.9599999785423279
 */
export function cosineSimilarity(
  x1: TensorArg,
  x2: TensorArg,
  dim = 1,
  { eps = 1e-8 }: CosineSimilarityOptions = {},
): Tensor {
  const given = [asTensor(x1), asTensor(x2)] as const;
  const shape = broadcastShapes("cosineSimilarity", given[0].shape, given[1].shape);
  const at = shape.length === 0 ? 0 : normalizeDim("cosineSimilarity", dim, shape.length);
  const [a, b] = given.map((x) => direction(expand(precise(x), shape), at, eps)) as [Tensor, Tensor];
  const cosine = within(shape.length === 0 ? mul(a, b) : sum(mul(a, b), at));
  const dtype = promoteTypes(given[0].dtype, given[1].dtype);
  return isTracing() || !isFloatingPoint(dtype) ? cosine : to(cosine, dtype);
}

/** `x / max(|x|, eps)`. The scale has no part in the gradient: it leaves the quotient as it is. */
function direction(x: Tensor, dim: number, eps: number): Tensor {
  const over = x.ndim === 0 ? undefined : dim;
  const empty = x.shape[dim] === 0;
  const largest = empty ? undefined : amax(abs(x.detach()), over, { keepdim: true });
  const scale = largest === undefined ? 1 : where(eq(largest, 0), 1, largest);
  const scaled = div(x, scale);
  const length = norm(scaled, over, { keepdim: true });
  const least = div(eps, scale);
  if (eps > 0) return div(scaled, where(gt(length, least), length, least));
  // Not "long", which NaN is not.
  const none = eq(length, 0);
  return where(none, 0, div(scaled, where(none, 1, length)));
}

/** Rounding may leave the range by a little; the gradient does not see the correction. */
function within(cosine: Tensor): Tensor {
  if (isTracing()) return cosine;
  return add(cosine, sub(clamp(cosine, { min: -1, max: 1 }), cosine).detach());
}

function precise(x: Tensor): Tensor {
  return isFloatingPoint(x.dtype) && !isTracing() ? to(x, "float64") : x;
}
