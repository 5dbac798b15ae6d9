import { floor, type Tensor, where } from "@tenon/numerics";
import { rowProducts, sineBetween } from "./unit-rows.ts";

/**
 * `cos(theta + margin)` of unit vectors, row by row, as `cos theta cos margin - sin theta sin margin`. Where theta + margin is beyond 180 degrees, the cosine would rise
 * again: there it goes on falling as `cos theta - margin sin margin`.
 */
export function cosineBehindMargin(u: Tensor, v: Tensor, margin: number): Tensor {
  const cosine = rowProducts(u, v);
  const within = cosine.mul(Math.cos(margin)).sub(sineBetween(u, v).mul(Math.sin(margin)));
  return where(cosine.gt(-Math.cos(margin)), within, cosine.sub(margin * Math.sin(margin)));
}

/**
 * `(-1)^k cos(m theta) - 2k` with theta in `[k pi / m, (k + 1) pi / m]`: the cosine of m times the angle, made to fall all the way from 1 to 1 - 2m. From cos theta
 * alone: cos(m theta) is its Chebyshev polynomial.
 */
export function fallingMultipleCosine(cosine: Tensor, m: number): Tensor {
  let [before, multiple]: [Tensor | number, Tensor] = [1, cosine];
  for (let i = 1; i < m; i++) [before, multiple] = [multiple, cosine.mul(2).mul(multiple).sub(before)];
  const angles = Array.from({ length: m - 1 }, (_, j) => Math.cos(((j + 1) * Math.PI) / m));
  const k = angles.map((bound) => cosine.detach().lt(bound).to(cosine.dtype)).reduce((a, b) => a.add(b));
  const odd = k.sub(floor(k.div(2)).mul(2));
  return multiple.mul(odd.mul(-2).add(1)).sub(k.mul(2));
}
