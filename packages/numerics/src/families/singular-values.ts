/** A singular value decomposition in vectors: `a = sum_r sigma_r u_r v_r^T`, greatest first. */
export interface SingularValues {
  readonly sigma: readonly number[];
  /** Left vectors, of the first `rank` singular values. */
  readonly u: readonly Float64Array[];
  /** Right vectors. */
  readonly v: readonly Float64Array[];
  /** How many singular values are more than rounding. */
  readonly rank: number;
}

const EPSILON = 2 ** -52;
const SWEEPS = 60;

/**
 * Singular values of a row-major matrix by one-sided Jacobi rotations (Hestenes): the shorter side's vectors are turned against each other until all are
 * orthogonal. Their lengths are the singular values, small ones as exact as large ones.
 */
export function singularValues(a: Float64Array, rows: number, columns: number): SingularValues {
  const wide = rows < columns;
  const [n, length] = wide ? [rows, columns] : [columns, rows];
  // Scaled by a power of two, so that no square overflows or underflows.
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (!Number.isFinite(largest)) return undefinedValues(largest, n, rows, columns);
  const scale = largest === 0 ? 1 : 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  const vectors = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length }, (_, k) => a[wide ? i * columns + k : k * columns + i]! / scale),
  );
  const turns = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, k) => (i === k ? 1 : 0)));
  for (let sweep = 0; sweep < SWEEPS && turnAll(vectors, turns); sweep++);
  const lengths = vectors.map((x) => Math.sqrt(product(x, x)));
  const order = lengths.map((_, i) => i).sort((i, j) => lengths[j]! - lengths[i]!);
  const least = Math.max(rows, columns) * EPSILON * (lengths[order[0] ?? 0] ?? 0);
  const rank = order.filter((i) => lengths[i]! > least).length;
  const units = order.slice(0, rank).map((i) => vectors[i]!.map((x) => x / lengths[i]!));
  const others = order.slice(0, rank).map((i) => turns[i]!);
  const sigma = order.map((i) => lengths[i]! * scale);
  return wide ? { sigma, u: others, v: units, rank } : { sigma, u: units, v: others, rank };
}

function undefinedValues(largest: number, n: number, rows: number, columns: number): SingularValues {
  const unknown = (length: number) => [new Float64Array(length).fill(Number.NaN)];
  const sigma = Array.from({ length: n }, (_, i) => (i === 0 ? largest : 0));
  return { sigma, u: unknown(rows), v: unknown(columns), rank: 1 };
}

/** One rotation for each pair of vectors; whether any was needed. */
function turnAll(vectors: readonly Float64Array[], turns: readonly Float64Array[]): boolean {
  // What a product of orthogonal vectors is by rounding alone.
  const noise = EPSILON * Math.sqrt(vectors[0]?.length ?? 0);
  const squares = vectors.map((x) => product(x, x));
  let turned = false;
  for (let p = 0; p < vectors.length; p++) {
    for (let q = p + 1; q < vectors.length; q++) {
      const xy = product(vectors[p]!, vectors[q]!);
      if (Math.abs(xy) <= noise * Math.sqrt(squares[p]! * squares[q]!)) continue;
      turned = true;
      const ratio = (squares[q]! - squares[p]!) / (2 * xy);
      const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
      const cosine = 1 / Math.sqrt(1 + tangent * tangent);
      turn(vectors[p]!, vectors[q]!, cosine, cosine * tangent);
      turn(turns[p]!, turns[q]!, cosine, cosine * tangent);
      squares[p] = Math.max(0, squares[p]! - tangent * xy);
      squares[q]! += tangent * xy;
    }
  }
  return turned;
}

function turn(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < x.length; i++) {
    const a = x[i]!;
    const b = y[i]!;
    x[i] = cosine * a - sine * b;
    y[i] = sine * a + cosine * b;
  }
}

function product(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
