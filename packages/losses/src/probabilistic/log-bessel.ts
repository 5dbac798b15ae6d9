import { allocate, apply, type OneOutput, type Tensor, UnsupportedError, unsupported } from "@tenon/numerics";

// From here on the asymptotic series, cut at its smallest term, is good to e^-(2 x) = 4e-18; below, the power series, all of whose terms are positive.
const LARGE = 20;

/** The sums of the power series: I0 - 1, and 2 I1 / x. */
function powerSeries(x: number): [zero: number, one: number] {
  const q = (x * x) / 4;
  let [zero, one] = [0, 1];
  let term = 1;
  for (let k = 1; k < 100 && term > 1e-20 * (1 + zero); k++) {
    term *= q / (k * k);
    zero += term;
    one += term / (k + 1);
  }
  return [zero, one];
}

/** The asymptotic series of `sqrt(2 pi x) e^-x I(x)`: that of I0, less 1, and I1's less I0's. */
function asymptoticSeries(x: number): [zero: number, difference: number] {
  let [zero, difference] = [0, 0];
  let [own, other] = [1, 1];
  for (let k = 1; k < 30; k++) {
    const step = (2 * k - 1) ** 2;
    own *= step / (8 * k * x);
    other *= (step - 4) / (8 * k * x);
    zero += own;
    difference += other - own;
    if (own < 1e-18) break;
  }
  return [zero, difference];
}

function logI0e(x: number): number {
  if (!(x >= 0)) return Number.NaN;
  if (x < LARGE) return Math.log1p(powerSeries(x)[0]) - x;
  if (x === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  return Math.log1p(asymptoticSeries(x)[0]) - 0.5 * (Math.log(2 * Math.PI) + Math.log(x));
}

/** `I1 / I0 - 1` */
function slope(x: number): number {
  if (!(x >= 0)) return Number.NaN;
  if (x < LARGE) {
    const [zero, one] = powerSeries(x);
    return (0.5 * x * one) / (1 + zero) - 1;
  }
  const [zero, difference] = asymptoticSeries(x);
  return difference / (1 + zero);
}

/** The derivative of `I1 / I0`: `1 - r^2 - r / x`. */
function curvature(x: number): number {
  const r = slope(x) + 1;
  if (x < LARGE) {
    const [zero, one] = powerSeries(x);
    return 1 - r * r - (0.5 * one) / (1 + zero);
  }
  const d = r - 1;
  return -d * (2 + d) - r / x;
}

interface Attributes {
  readonly order: 0 | 1 | 2;
}

const ORDERS = [logI0e, slope, curvature];

const definition: OneOutput<Attributes> = {
  name: "logI0e",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x], { order }, { shape, dtype }) => {
    const y = allocate(shape, dtype);
    if (y.size === 0) return y;
    const from = x!.contiguous().view() as Float64Array;
    (y.view() as Float64Array).set(from.map(ORDERS[order]!));
    return y;
  },
  gradient: ({ inputs: [x], dy, attrs: { order } }) => {
    if (order === 2) throw new UnsupportedError({ op: "logI0e", rule: "third derivatives are not there" });
    return [dy.mul(apply(definition, [x!], { order: order === 0 ? 1 : 2 }))];
  },
  onnx: unsupported("ONNX has no Bessel function"),
};

/** `log I0(x) - x` of the modified Bessel function of order 0, for x of 0 or more; NaN below. Right to float64's last digits for any x. */
export function logBesselI0e(x: Tensor): Tensor {
  return apply(definition, [x], { order: 0 });
}
