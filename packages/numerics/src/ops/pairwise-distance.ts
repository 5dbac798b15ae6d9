import { asTensor } from "../create.ts";
import { isFloatingPoint, promoteTypes } from "../dtype.ts";
import { isTracing } from "../runtime.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { amax } from "./amax.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { logicalOr } from "./logical.ts";
import { mul } from "./mul.ts";
import { norm } from "./norm.ts";
import { reshape } from "./reshape.ts";
import { sub } from "./sub.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

const UNSCALED: readonly number[] = [0, 1, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** `norm` along the last dimension, whose powers of any order stay in range. */
function length(d: Tensor, p: number): Tensor {
  if (UNSCALED.includes(p) || d.shape.at(-1) === 0 || isTracing()) return norm(d, -1, { p, keepdim: true });
  // What it is divided by has no part in the gradient: it leaves the length as it is.
  const largest = amax(abs(d.detach()), -1, { keepdim: true });
  const scale = where(logicalOr(eq(largest, 0), eq(largest, Number.POSITIVE_INFINITY)), 1, largest);
  return mul(norm(div(d, scale), -1, { p, keepdim: true }), scale);
}

export interface PairwiseDistanceOptions {
  /** Order of the distance: any number that `norm` takes. Default 2. */
  readonly p?: number;
  /** Added to every difference, as PyTorch does. Default 1e-6; 0 gives the distance itself, 0 between equal rows. */
  readonly eps?: number;
  /** Whether the last dimension stays, with size 1. Default false. */
  readonly keepdim?: boolean;
}

/**
 * The distance between the rows of two tensors, pair by pair: `d = |x1 - x2 + eps|_p` along the last dimension.
 *
 * Shapes: `[..., D]` and `[..., D]`, which broadcast; result `[...]`. Computed in float64 and rounded once. With `eps: 0` it is symmetric, 0 for equal
 * rows, and has gradient 0 there; the default's eps shifts every difference.
 * @throws ShapeError if the shapes do not broadcast.
 * @example pairwiseDistance([[3, 4]], [[0, 0]], { eps: 0 }).toArray() // [5]
 */
export function pairwiseDistance(x1: TensorArg, x2: TensorArg, options: PairwiseDistanceOptions = {}): Tensor {
  const { p = 2, eps = 1e-6, keepdim = false } = options;
  const [a, b] = [asTensor(x1), asTensor(x2)];
  const d = sub(precise(a), precise(b));
  const lengths = length(eps === 0 ? d : add(d, eps), p);
  const y = keepdim ? lengths : reshape(lengths, lengths.shape.slice(0, -1));
  return rounded(y, a, b);
}

export interface DistOptions {
  /** Order of the distance: any number that `norm` takes. Default 2. */
  readonly p?: number;
}

/**
 * The distance between two tensors as one vector each: `|x - y|_p`.
 *
 * Shapes: any that broadcast; to a scalar. Computed in float64 and rounded once; the gradient between equal tensors is 0.
 * @throws ShapeError if the shapes do not broadcast.
 * @example dist([3, 4], [0, 0]).item() // 5
 */
export function dist(x: TensorArg, y: TensorArg, { p = 2 }: DistOptions = {}): Tensor {
  const [a, b] = [asTensor(x), asTensor(y)];
  return rounded(reshape(length(reshape(sub(precise(a), precise(b)), [-1]), p), []), a, b);
}

/** In a trace everything stays in the model's own dtype. */
function precise(x: Tensor): Tensor {
  return isFloatingPoint(x.dtype) && !isTracing() ? to(x, "float64") : x;
}

function rounded(y: Tensor, a: Tensor, b: Tensor): Tensor {
  const dtype = promoteTypes(a.dtype, b.dtype);
  return isTracing() || !isFloatingPoint(dtype) ? y : to(y, dtype);
}
