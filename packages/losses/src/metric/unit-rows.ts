import { norm, type Tensor, where } from "@tenon/numerics";

/**
 * Rows of length 1. Each is scaled by its largest magnitude first, so that no size overflows or underflows; a row of zeros stays one, and its
 * gradient is 0.
 */
export function unitRows(x: Tensor): Tensor {
  // The result does not depend on the scale, so neither does its gradient.
  const largest = x.detach().abs().amax(-1, { keepdim: true });
  const none = largest.eq(0);
  const scaled = where(none, 0, x.div(where(none, 1, largest)));
  return scaled.div(norm(where(none, 1, scaled), -1, { keepdim: true }));
}

/** The norm of each row; where it is 0, all its derivatives are. */
export function rowNorms(x: Tensor, p = 2): Tensor {
  const none = isZero(x);
  return where(none, 0, norm(where(none.unsqueeze(-1), 1, x), -1, { p }));
}

/**
 * The sine of the angle between vectors of length 1, row by row: `|u - v| |u + v| / 2`. `sqrt(1 - cos^2)` cancels near 0 and 180 degrees and has an infinite slope
 * there; this has neither, and its gradient where the sine is 0 is 0. A vector of zeros, whose cosine is 0, is at a right angle to all.
 */
export function sineBetween(u: Tensor, v: Tensor): Tensor {
  const upright = isZero(u).logicalOr(isZero(v));
  return where(
    upright,
    1,
    rowNorms(u.sub(v))
      .mul(rowNorms(u.add(v)))
      .mul(0.5),
  );
}

function isZero(x: Tensor): Tensor {
  return x.detach().eq(0).all(-1);
}

/** The inner products of rows that go together. */
export function rowProducts(u: Tensor, v: Tensor): Tensor {
  return u.mul(v).sum(-1);
}
