import { cat, logSumExp, type Tensor, where, zeros } from "@tenon/numerics";

/** `log(1 + sum e^x)` of the elements in the mask along the last dimension; 0 where there are none. */
export function logOnePlusSum(x: Tensor, mask: Tensor): Tensor {
  const one = zeros([...x.shape.slice(0, -1), 1], { dtype: x.dtype });
  return logSumExp(cat([one, where(mask, x, Number.NEGATIVE_INFINITY)], -1), -1);
}

/** `log(sum e^x)` of the elements in the mask along the last dimension. Rows that have none give something finite, with no meaning. */
export function maskedLogSumExp(x: Tensor, mask: Tensor): Tensor {
  const none = mask.any(-1, { keepdim: true }).logicalNot();
  return logSumExp(where(mask.logicalOr(none), x, Number.NEGATIVE_INFINITY), -1);
}

/** `x - log(sum e^x)` over the elements in the mask along the last dimension, exact where one of them dominates; others have no meaning. */
export function maskedLogSoftmax(x: Tensor, mask: Tensor): Tensor {
  const none = mask.any(-1, { keepdim: true }).logicalNot();
  return where(mask.logicalOr(none), x, Number.NEGATIVE_INFINITY).logSoftmax(-1);
}

/** The elements in the mask, the others 0. */
export function only(mask: Tensor, x: Tensor): Tensor {
  return where(mask, x, 0);
}

/** How many are true, in the dtype of `like`. */
export function countOf(mask: Tensor, like: Tensor): Tensor {
  return mask.to(like.dtype).sum();
}

/** A count to divide by: at least 1. */
export function atLeastOne(count: Tensor): Tensor {
  return count.clamp({ min: 1 });
}
