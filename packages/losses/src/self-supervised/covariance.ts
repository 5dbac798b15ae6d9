import { eye, hypot, norm, type Tensor, where } from "@tenon/numerics";

/**
 * Each column of `[..., N, D]` less its mean. It is compared with its first element before: a constant column gives exactly 0, where the rounding of a mean
 * would leave a rest that a deviation of the same size makes 1.
 */
export function centreColumns(x: Tensor): Tensor {
  const shifted = x.sub(x.detach().narrow(-2, 0, 1));
  return shifted.sub(shifted.mean(-2, { keepdim: true }));
}

/** `sqrt(variance + eps)` of each centred column; its gradient where a column is constant and eps 0 is 0. */
export function columnDeviation(centred: Tensor, divisor: number, eps: number): Tensor {
  const deviation = norm(centred, 0).div(Math.sqrt(divisor));
  return eps === 0 ? deviation : hypot(deviation, Math.sqrt(eps));
}

/** The sum of the squares off the diagonal of a square matrix. */
export function offDiagonalSquares(matrix: Tensor): Tensor {
  return where(eye(matrix.shape[0]!, undefined, { dtype: "bool" }), 0, matrix)
    .square()
    .sum();
}
