import { log, log1p, type Tensor, where } from "@tenon/numerics";

// From here on 1 + z^2 is z^2 in float64.
const FAR = 1e8;

/** `log(1 + z^2)` for any z: the square neither overflows nor loses a small z, and the derivative at infinity is 0. */
export function log1pSquare(z: Tensor): Tensor {
  const far = z.abs().gt(FAR);
  const near = log1p(where(far, 0, z).square());
  return where(far, log(where(far, z.abs(), 1)).mul(2), near);
}
