import { expm1, type Tensor } from "@tenon/numerics";

// Beyond it e^(-z^2 / 2) is 0 in float64.
const LEVEL = 40;

/** `1 - e^(-z^2 / 2)` without cancellation; the derivative at infinity is 0. */
export function welsch(z: Tensor): Tensor {
  return expm1(z.clamp({ min: -LEVEL, max: LEVEL }).square().mul(-0.5)).neg();
}
