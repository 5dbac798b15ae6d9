/** What the comparison of one output with the exact values gave. */
export interface Judgement {
  readonly n: number;
  readonly max: number;
  readonly mean: number;
  /** Above the bar. */
  readonly over: number;
  /** Above the bar in units in the last place, but within 2^-50 of the largest term, where terms cancel. */
  readonly crossings: number;
  /** NaN or infinity on one side only, or the wrong infinity. */
  readonly nonFinite: number;
  /** Wrong signs of a strictly signed zero. */
  readonly zeroSigns: number;
  /** Answered differently where a convention decides, of all such cases. */
  readonly conventions: readonly [different: number, all: number];
  /** Position of the worst, and of the first non-finite mismatch; -1 for none. */
  readonly worst: number;
  readonly firstNonFinite: number;
}

const view = new DataView(new ArrayBuffer(8));

/** The unit in the last place of the float32 `r`. */
function ulp32(r: number): number {
  if (!Number.isFinite(r)) return 2 ** 104;
  if (r === 0) return 2 ** -149;
  view.setFloat64(0, Math.abs(r));
  const exponent = ((view.getUint16(0) >> 4) & 2047) - 1023;
  return 2 ** (Math.max(exponent, -126) - 23);
}

/** Distance in units in the last place; NaN for a non-finite mismatch. The exact value is `high + low`. */
export function ulpError(got: number, high: number, low: number, flag: number): number {
  const r = Math.fround(high);
  if (Number.isNaN(got) || Number.isNaN(r)) return Number.isNaN(got) && Number.isNaN(r) ? 0 : Number.NaN;
  let value = got;
  if (!Number.isFinite(got) || !Number.isFinite(r)) {
    if (got === r) return 0;
    const edge = Number.isFinite(high) && Math.abs(Math.abs(high) - 2 ** 128) <= 2 ** 106;
    if (edge) value = Number.isFinite(got) ? got : Math.sign(got) * 2 ** 128;
    else return flag === 1 && Math.abs(got) === Math.abs(r) ? 0 : Number.NaN;
  }
  return Math.abs(value - high - low) / ulp32(r);
}

export interface Exact {
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly flag: ArrayLike<number>;
}

/**
 * Compares results with exact values.
 * @param bar allowed distance in units in the last place.
 * @param term the largest term of element i where the result may cross zero: there 2^-50 of it is allowed too.
 */
export function judge(got: ArrayLike<number>, exact: Exact, bar: number, term?: (i: number) => number): Judgement {
  const { high, low, flag } = exact;
  const counts = { n: 0, over: 0, crossings: 0, nonFinite: 0, zeroSigns: 0, different: 0, conventions: 0 };
  let max = 0;
  let sum = 0;
  let worst = -1;
  let firstNonFinite = -1;
  for (let i = 0; i < got.length; i++) {
    const [y, hi, lo, f] = [got[i]!, high[i]!, low[i]!, flag[i]!];
    if (f === 3) continue;
    const error = ulpError(y, hi, lo, f);
    if (f === 2) {
      counts.conventions++;
      if (!(error <= 1)) counts.different++;
      continue;
    }
    counts.n++;
    if (Number.isNaN(error)) {
      if (counts.nonFinite++ === 0) firstNonFinite = i;
      continue;
    }
    if (f === 0 && y === 0 && hi === 0 && lo === 0 && !Object.is(y, hi)) counts.zeroSigns++;
    sum += error;
    if (error > bar) {
      if (term !== undefined && Math.abs(y - hi - lo) <= 2 ** -50 * term(i)) {
        counts.crossings++;
        continue;
      }
      counts.over++;
    }
    if (error > max) {
      max = error;
      worst = i;
    }
  }
  return {
    ...counts,
    max,
    mean: sum / Math.max(1, counts.n - counts.nonFinite),
    conventions: [counts.different, counts.conventions],
    worst,
    firstNonFinite,
  };
}
