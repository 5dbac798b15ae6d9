import * as numerics from "@tenon/numerics";
import { fromTypedArray, type Tensor, tidy } from "@tenon/numerics";
import { type Judgement, ulpError } from "./judge.ts";
import type { Measured } from "./measure.ts";
import { type ReductionCase, readReductions, reductionVector } from "./vectors.ts";

/** Sums over the vector that the bounds are made of. */
interface Magnitudes {
  readonly n: number;
  readonly sumAbs: number;
  readonly sumSquares: number;
}

interface Reduction {
  readonly call: ((x: Tensor) => Tensor) | undefined;
  /** What may be off beside one unit in the last place: n * 2^-53 times the magnitudes that cancel. */
  readonly slack: (m: Magnitudes, exact: number) => number;
}

const EPS = 2 ** -53;

function find(name: string): ((...args: unknown[]) => Tensor) | undefined {
  const value = (numerics as unknown as Record<string, unknown>)[name];
  return typeof value === "function" ? (value as (...args: unknown[]) => Tensor) : undefined;
}

function reduction(name: string, slack: Reduction["slack"], ...args: readonly unknown[]): Reduction {
  const fn = find(name);
  return { call: fn && ((x) => fn(x, ...args)), slack };
}

const none = () => 0;
// The variance is a difference of the mean square and the squared mean: what cancels is the sum of squares.
const spread = ({ sumSquares }: Magnitudes) => EPS * sumSquares;

/** Results of the data by name. `sumsq` has no function of its own here; `dot` is a matrix product, which accumulates in float32 by blocks. */
const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  sum: reduction("sum", ({ n, sumAbs }) => n * EPS * sumAbs),
  mean: reduction("mean", ({ sumAbs }) => EPS * sumAbs),
  norm1: reduction("norm", none, undefined, { p: 1 }),
  norm2: reduction("norm", none),
  var: reduction("var", spread),
  var_biased: reduction("var", spread, undefined, { correction: 0 }),
  std: reduction("std", (m, exact) => (exact === 0 ? Math.sqrt(spread(m)) : spread(m) / (2 * exact))),
};

const bits = new DataView(new ArrayBuffer(8));

function fromHex(text: string): number {
  bits.setBigUint64(0, BigInt(`0x${text}`));
  return bits.getFloat64(0);
}

function magnitudesOf(x: Float32Array): Magnitudes {
  let sumAbs = 0;
  let sumSquares = 0;
  for (let i = 0; i < x.length; i++) {
    sumAbs += Math.abs(x[i]!);
    sumSquares += x[i]! ** 2;
  }
  return { n: x.length, sumAbs, sumSquares };
}

function checkGenerator(c: ReductionCase, x: Float32Array): void {
  let sum = 0;
  for (const word of new Uint32Array(x.buffer)) sum = (sum + word) >>> 0;
  if (sum.toString(16).padStart(8, "0") !== c.bitsum) throw new Error(`the vector ${c.kind} is not the recorded one`);
}

interface Tally {
  n: number;
  max: number;
  sum: number;
  over: number;
  crossings: number;
  nonFinite: number;
  at: string;
}

function judgeOne(tally: Tally, got: number, c: ReductionCase, name: string, slack: number): void {
  const [high, low] = (c[name] as [string, string]).map(fromHex) as [number, number];
  const error = ulpError(got, high, low, 1);
  tally.n++;
  if (Number.isNaN(error)) {
    tally.nonFinite++;
    tally.at ||= `${c.kind} n=${c.n}`;
    return;
  }
  tally.sum += error;
  if (error > 1 && Math.abs(got - high - low) <= slack) {
    tally.crossings++;
    return;
  }
  if (error > 1) tally.over++;
  if (error > tally.max) {
    tally.max = error;
    if (error > 1) tally.at = `${c.kind} a=${c.a} b=${c.b} n=${c.n}`;
  }
}

function judgementOf({ at: _, sum, ...tally }: Tally): Judgement {
  const mean = sum / Math.max(1, tally.n - tally.nonFinite);
  return { ...tally, mean, zeroSigns: 0, conventions: [0, 0], worst: -1, firstNonFinite: -1 };
}

/** Sums, means, norms and variances of long vectors, in their bounds. */
export function measureReductions(dir: string): Measured[] {
  const tallies = new Map<string, Tally>();
  for (const c of readReductions(dir)) {
    const x = reductionVector(c);
    checkGenerator(c, x);
    const magnitudes = magnitudesOf(x);
    tidy(() => {
      const a = fromTypedArray(x, [c.n]);
      for (const [name, { call, slack }] of Object.entries(REDUCTIONS)) {
        if (call === undefined || c[name] === undefined) continue;
        const tally = tallies.get(name) ?? { n: 0, max: 0, sum: 0, over: 0, crossings: 0, nonFinite: 0, at: "" };
        tallies.set(name, tally);
        const exact = fromHex((c[name] as [string, string])[0]);
        judgeOne(tally, call(a).item() as number, c, name, slack(magnitudes, exact));
      }
    });
  }
  return Object.keys(REDUCTIONS).map((name) => {
    const tally = tallies.get(name);
    const row = { name: "reductions", output: name, bar: 1 };
    return tally === undefined
      ? { ...row, missing: "not there yet" }
      : { ...row, judgement: judgementOf(tally), at: tally.at };
  });
}
