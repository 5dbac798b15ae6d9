import { exp, expm1, log, pow, type Tensor, where } from "@tenon/numerics";

/**
 * What probability p, given by its logarithm, costs where the target says y: the Bregman divergence of the tempered logarithm with t = 2 - alpha,
 *
 *     y (log_t y - log_t p) - (y^alpha - p^alpha) / alpha = y^alpha (expm1(alpha r) / alpha - expm1((alpha - 1) r) / (alpha - 1)),  r = log(p / y)
 *
 * The second form does not cancel, and alpha 1 is its limit.
 */
export function temperedDivergence(y: number, logP: Tensor, alpha: number): Tensor {
  if (y === 0) return exp(logP.mul(alpha)).div(alpha);
  return gap(logP.sub(Math.log(y)), alpha).mul(y ** alpha);
}

/** The same with a target for each probability. */
export function temperedDivergences(y: Tensor, logP: Tensor, alpha: number): Tensor {
  const some = y.ne(0);
  const safe = where(some, y, 1);
  const shared = gap(logP.sub(log(safe)), alpha).mul(pow(safe, alpha));
  return where(some, shared, exp(where(some, 0, logP).mul(alpha)).div(alpha));
}

function gap(r: Tensor, alpha: number): Tensor {
  const tempered = alpha === 1 ? r : expm1(r.mul(alpha - 1)).div(alpha - 1);
  return expm1(r.mul(alpha)).div(alpha).sub(tempered);
}
