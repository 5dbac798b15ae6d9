/**
 * The normaliser of entmax. With logits v less their greatest, the probabilities are
 *
 *     p_j = exp_t(v_j - shift),    exp_t(x) = max(0, 1 + (1 - t) x)^(1 / (1 - t)),    t = 2 - alpha
 *
 * and `shift >= 0` makes them sum to 1. It plays the part of log1p(sum of the others) in a softmax: a confident row's is tiny and keeps its digits.
 */
export interface RowMap {
  /** `exp_t(v - shift)`, the probability. */
  readonly value: (v: number, shift: number) => number;
  /** `p^t`, minus the derivative of the probability p by the shift. */
  readonly slope: (p: number, v: number, shift: number) => number;
  /** `exp_t(-shift) - 1`, without cancellation. */
  readonly lost: (shift: number) => number;
}

const sparsemaxMap: RowMap = {
  value: (v, shift) => Math.max(0, 1 + v - shift),
  slope: (p) => (p > 0 ? 1 : 0),
  lost: (shift) => Math.max(-1, -shift),
};

const entmax15Map: RowMap = {
  value: (v, shift) => Math.max(0, 1 + v / 2 - shift / 2) ** 2,
  slope: Math.sqrt,
  lost: (shift) => -shift + (shift * shift) / 4,
};

function generalMap(alpha: number): RowMap {
  const a = alpha - 1;
  const logarithm = (x: number) => logProbability(x, alpha);
  return {
    value: (v, shift) => Math.exp(logarithm(v - shift)),
    slope: (p, v, shift) => (p > 0 ? p / (1 + a * (v - shift)) : 0),
    lost: (shift) => Math.expm1(logarithm(-shift)),
  };
}

/** `log exp_t(x)` for alpha other than 1; -infinity outside the support. */
export function logProbability(x: number, alpha: number): number {
  return Math.log1p(Math.max(-1, (alpha - 1) * x)) / (alpha - 1);
}

export function rowMap(alpha: number): RowMap {
  return alpha === 2 ? sparsemaxMap : alpha === 1.5 ? entmax15Map : generalMap(alpha);
}

/** Half the distance between a number of this size and the next. */
const CLOSE = 2 ** -53;
const MAX_STEPS = 200;

/**
 * The shift for one row. `v` holds the logits other than the (first) greatest that can have a probability, less the greatest.
 *
 * Newton's method on `log_t(sum)`, which is linear in the shift for equal logits and convex for alpha up to 2: from 0 it closes in from one side and
 * doubles its digits. For alpha 2 it visits the supports until one fits, the same tau as the sorted algorithm's. Above 2 slopes are infinite where an element
 * enters, and halving takes over.
 */
function solveShift(v: Float64Array, count: number, alpha: number, map: RowMap): number {
  if (count === 0) return 0;
  const a = alpha - 1;
  let low = 0;
  // Equal logits need the greatest shift.
  let high = -Math.expm1(-a * Math.log(count + 1)) / a;
  let shift = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    let excess = map.lost(shift);
    let slope = map.slope(1 + excess, 0, shift);
    for (let j = 0; j < count; j++) {
      const p = map.value(v[j]!, shift);
      excess += p;
      slope += map.slope(p, v[j]!, shift);
    }
    if (excess === 0) return shift;
    if (excess > 0) low = shift;
    else high = shift;
    const sum = Math.log1p(excess);
    const move = ((Math.expm1(a * sum) / a) * Math.exp((1 - a) * sum)) / slope;
    const newton = shift + move;
    if (alpha <= 2 && Math.abs(move) <= CLOSE * newton) return newton;
    if (high - low <= 2 * CLOSE * high) return (low + high) / 2;
    shift = alpha <= 2 && newton > low && newton < high ? newton : (low + high) / 2;
  }
  return shift;
}

/** Solves every row of a contiguous tensor along its middle size and hands it on: the logits less their greatest, the shift (NaN where there is none), where it lies. */
export function eachRow(
  x: Float32Array | Float64Array,
  [outer, n, inner]: readonly [number, number, number],
  alpha: number,
  row: (v: Float64Array, shift: number, start: number, stride: number) => void,
): void {
  const map = rowMap(alpha);
  const v = new Float64Array(n);
  const others = new Float64Array(n);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * n * inner + i;
      for (let j = 0; j < n; j++) v[j] = x[start + j * inner]!;
      const ok = subtractGreatest(v);
      const count = ok ? candidates(v, others, alpha) : 0;
      row(v, ok ? solveShift(others, count, alpha, map) : Number.NaN, start, inner);
    }
  }
}

/** False where there is no limit: NaN, all -infinity, or several +infinity. */
function subtractGreatest(v: Float64Array): boolean {
  let greatest = Number.NEGATIVE_INFINITY;
  for (const x of v) if (!(x <= greatest)) greatest = x;
  let infinities = 0;
  let ok = greatest > Number.NEGATIVE_INFINITY;
  for (let j = 0; j < v.length; j++) {
    const x = v[j]!;
    if (x === Number.POSITIVE_INFINITY) infinities++;
    if (Number.isNaN(x)) ok = false;
    v[j] = x === greatest ? 0 : x - greatest;
  }
  return ok && infinities <= 1;
}

/** Collects what the solver needs: all but one greatest, and none that no shift brings into the support. */
function candidates(v: Float64Array, out: Float64Array, alpha: number): number {
  let count = 0;
  let seen = false;
  for (const x of v) {
    if (x === 0 && !seen) seen = true;
    else if ((alpha - 1) * x > -1 && x > Number.NEGATIVE_INFINITY) out[count++] = x;
  }
  return count;
}
