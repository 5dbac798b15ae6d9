import { norm, type Tensor, where } from "@tenon/numerics";

/**
 * Rows of length 1. Each is scaled by its largest magnitude first, so that no size overflows or underflows; a row of zeros stays one, and its
 * gradient is 0.
 */
export function unitRows(x: Tensor): Tensor {
  return unitRowsOf(x).unit;
}

/** `unitRows`, and which of them are zeros (bool, with the last dimension of size 1). */
export function unitRowsOf(x: Tensor): { readonly unit: Tensor; readonly none: Tensor } {
  // The result does not depend on the scale, so neither does its gradient.
  const largest = norm(x.detach(), -1, { p: Number.POSITIVE_INFINITY, keepdim: true });
  const none = largest.eq(0);
  // Zeros over infinity are zeros, and so is their gradient.
  const scaled = x.div(where(none, Number.POSITIVE_INFINITY, largest));
  return { unit: scaled.div(where(none, 1, norm(scaled, -1, { keepdim: true }))), none };
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
