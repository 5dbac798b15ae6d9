import { type Tensor, where } from "@tenon/numerics";

/** `|x|^p` with derivative 0 at 0, where a root has none. */
export function absPower(x: Tensor, p: number): Tensor {
  if (p === 1) return x.abs();
  if (p === 2) return x.square();
  const none = x.eq(0);
  return where(none, 0, where(none, 1, x).abs().pow(p));
}
