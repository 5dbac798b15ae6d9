import { lgamma, log1p, type Tensor, where } from "@tenon/numerics";

// From here on the terms of Stirling's series that are left out are below 1e-16.
const LARGE = 16;
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** lgamma(a) without its large terms: `1 / (12 a) - 1 / (360 a^3) + ...` */
function stirling(a: Tensor): Tensor {
  const inverse = a.pow(-1);
  const square = inverse.square();
  const last = SERIES.length - 1;
  let sum = square.mul(0).add(SERIES[last]!);
  for (let k = last - 1; k >= 0; k--) sum = sum.mul(square).add(SERIES[k]!);
  return sum.mul(inverse);
}

/**
 * `lgamma(a + d) - lgamma(a) - d log a` for positive a and d of 0 or more. For large a, where it goes to 0, by Stirling's series: the difference
 * of two log-gammas has no digits left there.
 */
export function logGammaRatio(a: Tensor, d: Tensor | number): Tensor {
  const large = a.ge(LARGE);
  const x = where(large, a, LARGE);
  const far = log1p(x.pow(-1).mul(d))
    .mul(x.add(d).sub(0.5))
    .sub(d)
    .add(stirling(x.add(d)))
    .sub(stirling(x));
  const y = where(large, 1, a);
  const near = lgamma(y.add(d)).sub(lgamma(y)).sub(y.log().mul(d));
  return where(large, far, near);
}
