import type { Tensor } from "@tenon/numerics";
import { expm1, square, where } from "@tenon/numerics";

// Up to here the series needs this many terms for the last bit of float64.
const NEAR = 1 / 16;
const TERMS = 11;

/** `exp(-x) - 1 + x`, a parabola near 0 whose digits the sum would lose. */
export function excess(x: Tensor): Tensor {
  const s = x.clamp({ min: -NEAR, max: NEAR });
  // x^2 / 2 (1 - x / 3 (1 - x / 4 (1 - ...)))
  let series = s.div(-TERMS).add(1);
  for (let k = TERMS - 1; k >= 3; k--) series = series.mul(s).div(-k).add(1);
  return where(x.abs().le(NEAR), square(s).mul(0.5).mul(series), expm1(x.neg()).add(x));
}
