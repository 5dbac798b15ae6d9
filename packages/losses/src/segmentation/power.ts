import { type Tensor, where } from "@tenon/numerics";

/** `x^exponent` for x of 0 or more (or less by a rounding), with gradient 0 at 0, where the power's own slope may be infinite. */
export function powerFromZero(x: Tensor, exponent: number): Tensor {
  if (exponent === 1) return x;
  const none = x.le(0);
  return where(none, exponent === 0 ? 1 : 0, where(none, 1, x).pow(exponent));
}
