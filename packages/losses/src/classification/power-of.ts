import { expm1, onesLike, square, type Tensor, where } from "@tenon/numerics";

/** `base^exponent` for bases and exponents of 0 or more. At base 0 the derivative is 0 even for exponents below 1, where it would be infinite. */
export function powerOf(base: Tensor, exponent: number): Tensor {
  if (exponent === 0) return onesLike(base);
  if (exponent === 1) return base;
  if (exponent === 2) return square(base);
  if (exponent > 1) return base.pow(exponent);
  const none = base.eq(0);
  return where(none, 0, where(none, 1, base).pow(exponent));
}

/** `(1 - p)^gamma` of a surprise `-log p`. Where that is infinite the factor is constant, so that no derivative of 0 meets an infinite loss. */
export function heldBack(surprise: Tensor, gamma: number): Tensor {
  return powerOf(expm1(surprise.clamp({ max: 700 }).neg()).neg(), gamma);
}
