import { eye, hypot, norm, type Tensor } from "@tenon/numerics";

/** Each column less its mean. */
export function centreColumns(x: Tensor): Tensor {
  return x.sub(x.mean(0, { keepdim: true }));
}

/** `sqrt(variance + eps)` of each centred column; its gradient where a column is constant and eps 0 is 0. */
export function columnDeviation(centred: Tensor, divisor: number, eps: number): Tensor {
  const deviation = norm(centred, 0).div(Math.sqrt(divisor));
  return eps === 0 ? deviation : hypot(deviation, Math.sqrt(eps));
}

/** The sum of the squares off the diagonal of a square matrix. */
export function offDiagonalSquares(matrix: Tensor): Tensor {
  const others = eye(matrix.shape[0]!, undefined, { dtype: matrix.dtype }).neg().add(1);
  return matrix.mul(others).square().sum();
}
