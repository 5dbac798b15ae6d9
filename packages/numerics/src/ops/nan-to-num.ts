import { asTensor } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { eq } from "./eq.ts";
import { isnan } from "./is-nan.ts";
import { where } from "./where.ts";

export interface NanToNumOptions {
  /** Default 0. */
  readonly nan?: number;
  /** Default: the largest finite number of the element type. */
  readonly posinf?: number;
  /** Default: the lowest finite number of the element type. */
  readonly neginf?: number;
}

const LARGEST_FLOAT32 = 3.4028234663852886e38;

/** Replaces NaN and infinities; no gradient passes where it does. Integers come back as they are. */
export function nanToNum(x: TensorArg, options: NanToNumOptions = {}): Tensor {
  const t = asTensor(x);
  if (!isFloatingPoint(t.dtype)) return t;
  const largest = t.dtype === "float64" ? Number.MAX_VALUE : LARGEST_FLOAT32;
  const { nan = 0, posinf = largest, neginf = -largest } = options;
  const numbers = where(isnan(t), nan, t);
  const below = where(eq(t, Number.POSITIVE_INFINITY), posinf, numbers);
  return where(eq(t, Number.NEGATIVE_INFINITY), neginf, below);
}
