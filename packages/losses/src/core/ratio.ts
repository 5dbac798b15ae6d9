import { type Tensor, where } from "@tenon/numerics";

/** `a / (b + eps)`, and 0 with derivative 0 where the divisor is 0. */
export function ratio(a: Tensor, b: Tensor, eps = 0): Tensor {
  const divisor = eps === 0 ? b : b.add(eps);
  const none = divisor.eq(0);
  return where(none, 0, a.div(where(none, 1, divisor)));
}
