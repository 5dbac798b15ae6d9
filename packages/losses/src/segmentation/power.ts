import { type Tensor, where } from "@tenon/numerics";

/** `x^exponent` for x of 0 or more, with gradient 0 at 0, where the power's own slope may be infinite. */
export function powerFromZero(x: Tensor, exponent: number): Tensor {
  if (exponent === 1) return x;
  const positive = x.gt(0);
  return where(positive, where(positive, x, 1).pow(exponent), exponent === 0 ? 1 : 0);
}
