import { solveMarginals } from "./marginal-system.ts";

/** Entropic transport between two weighted sets: costs `[n, m]` row-major, weights that sum to 1. */
export interface TransportProblem {
  readonly costs: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly eps: number;
}

export interface Convergence {
  /** The potentials' last step, over eps, below which they count as converged. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** The potentials f `[n]` and g `[m]` of `min <P, C> + eps KL(P | a b)`: `P_ij = a_i b_j e^((f_i + g_j - C_ij) / eps)`. */
export interface Potentials {
  readonly f: Float64Array;
  readonly g: Float64Array;
}

/** Iterations before Newton's method is tried, and at least so many between tries that fail. */
const WARM_UP = 5;
/** How close the potentials of a greater eps come before it is halved, over eps. */
const NEAR = 0.05;

/**
 * Sinkhorn's iterations with logarithms: `f_i = -eps log(sum_j b_j e^((g_j - C_ij) / eps))`, then g likewise. eps comes down from the size of the costs by
 * halves, each starting where the one before ended, and at each Newton's method takes over where the iterations alone would crawl.
 */
export function potentials(problem: TransportProblem, { tolerance, maxIterations }: Convergence): Potentials {
  const { costs, a, b, eps } = problem;
  const at = { f: new Float64Array(a.length), g: new Float64Array(b.length) };
  const logs = { a: a.map(Math.log), b: b.map(Math.log) };
  const largest = costs.reduce((most, c) => Math.max(most, Math.abs(c)), 0);
  let left = maxIterations;
  for (let e = largest; e > 2 * eps; e /= 2) left -= approach({ ...problem, eps: e }, at, logs, NEAR * e, left - 1);
  // No step is smaller than the rounding of potentials of the costs' size.
  approach(problem, at, logs, Math.max(tolerance * eps, 8 * Number.EPSILON * largest), Math.max(1, left));
  return at;
}

/** Iterates until the potentials move by no more than `enough`, or so many times; gives how many times it did. */
function approach(
  problem: TransportProblem,
  at: Potentials,
  logs: { readonly a: Float64Array; readonly b: Float64Array },
  enough: number,
  most: number,
): number {
  const { costs, a, b, eps } = problem;
  /** One iteration; gives how far the potentials moved. */
  const iterate = ({ f, g }: Potentials) =>
    Math.max(
      softMinima(f, a, costs, b.length, 1, g, logs.b, eps),
      softMinima(g, b, costs, 1, b.length, f, logs.a, eps),
    );
  let moved = Number.POSITIVE_INFINITY;
  let [wait, patience] = [WARM_UP, WARM_UP];
  for (let step = 0; step < most; step++) {
    if (moved <= enough) return step;
    if (wait-- > 0) {
      moved = iterate(at);
      continue;
    }
    const tried = newtonStep(problem, at);
    const afterwards = iterate(tried);
    if (afterwards < moved) {
      at.f.set(tried.f);
      at.g.set(tried.g);
      moved = afterwards;
      wait = 0;
    } else {
      patience *= 2;
      wait = patience;
    }
  }
  return most;
}

/** Writes `-eps log(sum_k w_k e^((v_k - C) / eps))` for each row and gives the greatest step of points with weight, but for a shift of all. */
function softMinima(
  to: Float64Array,
  own: Float64Array,
  costs: Float64Array,
  stride: number,
  step: number,
  v: Float64Array,
  logWeights: Float64Array,
  eps: number,
): number {
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const terms = new Float64Array(v.length);
  for (let i = 0; i < to.length; i++) {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < v.length; k++) {
      const term = logWeights[k]! + (v[k]! - costs[i * stride + k * step]!) / eps;
      terms[k] = term;
      if (term > greatest) greatest = term;
    }
    let sum = 0;
    for (let k = 0; k < v.length; k++) sum += Math.exp(terms[k]! - greatest);
    const value = -eps * (greatest + Math.log(sum));
    if (own[i]! > 0) {
      lowest = Math.min(lowest, value - to[i]!);
      highest = Math.max(highest, value - to[i]!);
    }
    to[i] = value;
  }
  return highest - lowest;
}

/** The potentials at which the marginals would be right if they were linear. */
function newtonStep(problem: TransportProblem, at: Potentials): Potentials {
  const { a, b, eps } = problem;
  const plan = planOf(problem, density(problem, at));
  const [rows, columns] = [new Float64Array(a.length), new Float64Array(b.length)];
  for (let i = 0, c = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++, c++) {
      rows[i]! += plan[c]!;
      columns[j]! += plan[c]!;
    }
  }
  const missing = (wanted: Float64Array, sums: Float64Array) => wanted.map((x, i) => eps * (x - sums[i]!));
  const [df, dg] = solveMarginals({ plan, rows, columns }, missing(a, rows), missing(b, columns), 1e-3);
  return { f: df.map((x, i) => at.f[i]! + x), g: dg.map((x, j) => at.g[j]! + x) };
}

/** `e^((f_i + g_j - C_ij) / eps)`: the plan without the weights. */
export function density({ costs, a, b, eps }: TransportProblem, { f, g }: Potentials): Float64Array {
  const k = new Float64Array(costs.length);
  for (let i = 0, at = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++, at++) k[at] = Math.exp((f[i]! + g[j]! - costs[at]!) / eps);
  }
  return k;
}

/** How much goes from each point to each. */
export function planOf({ a, b }: TransportProblem, k: Float64Array): Float64Array {
  return k.map((value, at) => value * a[Math.floor(at / b.length)]! * b[at % b.length]!);
}

/** How costs and weights move; what moves with them comes in the same form. */
export interface Directions {
  readonly costs: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** The derivatives of the plan and of the potentials along a direction, from the conditions that the potentials fulfil. */
export function along(problem: TransportProblem, at: Potentials, direction: Directions): Directions {
  const { a, b, eps, costs } = problem;
  const [n, m] = [a.length, b.length];
  const k = density(problem, at);
  // f + (a row's mean of g) and g + (a column's mean of f) move by so much.
  const [byRow, byColumn] = [new Float64Array(n), new Float64Array(m)];
  for (let i = 0, c = 0; i < n; i++) {
    for (let j = 0; j < m; j++, c++) {
      byRow[i]! += k[c]! * (b[j]! * direction.costs[c]! - eps * direction.b[j]!);
      byColumn[j]! += k[c]! * (a[i]! * direction.costs[c]! - eps * direction.a[i]!);
    }
  }
  const times = (x: Float64Array, y: Float64Array) => x.map((v, i) => v * y[i]!);
  const system = { plan: planOf(problem, k), rows: a, columns: b };
  const [df, dg] = solveMarginals(system, times(a, byRow), times(b, byColumn), 1e-15);
  // Points without weight are not in the system.
  for (let j = 0; j < m; j++) {
    let sum = byColumn[j]!;
    for (let i = 0; i < n; i++) sum -= k[i * m + j]! * a[i]! * df[i]!;
    if (b[j] === 0) dg[j] = sum;
  }
  for (let i = 0; i < n; i++) {
    let sum = byRow[i]!;
    for (let j = 0; j < m; j++) sum -= k[i * m + j]! * b[j]! * dg[j]!;
    if (a[i] === 0) df[i] = sum;
  }
  const plan = new Float64Array(costs.length);
  for (let i = 0, c = 0; i < n; i++) {
    for (let j = 0; j < m; j++, c++) {
      const potential = (a[i]! * b[j]! * (df[i]! + dg[j]! - direction.costs[c]!)) / eps;
      plan[c] = k[c]! * (potential + direction.a[i]! * b[j]! + a[i]! * direction.b[j]!);
    }
  }
  return { costs: plan, a: df, b: dg };
}
