import { asTensor } from "../create.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { where } from "./where.ts";

export interface HardshrinkOptions {
  /** Values from -lambd to lambd become 0. Default 0.5. */
  readonly lambd?: number;
}

/**
 * `x` where `|x| > lambd`, 0 elsewhere. Any shape; floating dtypes. The derivative is 1 or 0 alike; NaN stays NaN.
 *
 * Source: Donoho, Johnstone, "Ideal spatial adaptation by wavelet shrinkage" (Biometrika 81, 1994).
 * @example hardshrink([-1, 0.3, 2]).toArray() // [-1, 0, 2]
 */
export function hardshrink(x: TensorArg, { lambd = 0.5 }: HardshrinkOptions = {}): Tensor {
  const t = asTensor(x);
  // Asking which values vanish, not which stay, lets NaN stay.
  return where(t.ge(-lambd).logicalAnd(t.le(lambd)), 0, t);
}
