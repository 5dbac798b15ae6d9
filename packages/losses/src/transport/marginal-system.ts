/** A plan of transport `[n, m]`, row-major, with its sums of rows and columns. */
export interface Plan {
  readonly plan: Float64Array;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** The share of a direction's size below which its curvature is rounding. */
const FLAT = 4 * Number.EPSILON;
const MAX_STEPS = 500;

/** `to = P v` */
function byRows(plan: Float64Array, v: Float64Array, to: Float64Array): void {
  for (let i = 0, at = 0; i < to.length; i++) {
    let sum = 0;
    for (let j = 0; j < v.length; j++) sum += plan[at++]! * v[j]!;
    to[i] = sum;
  }
}

/** `to = P^T u` */
function byColumns(plan: Float64Array, u: Float64Array, to: Float64Array): void {
  to.fill(0);
  for (let i = 0, at = 0; i < u.length; i++) {
    const factor = u[i]!;
    for (let j = 0; j < to.length; j++) to[j]! += plan[at++]! * factor;
  }
}

function product(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/**
 * Solves `rows u + P v = p, P^T u + columns v = q`, the system that tells how potentials follow a change of the marginals, up to a shift of u against v: u by
 * elimination, v by conjugate gradients (its matrix is positive semidefinite), scaled by the columns' sums.
 * @param close by how much the residual is to fall.
 */
export function solveMarginals(
  { plan, rows, columns }: Plan,
  p: Float64Array,
  q: Float64Array,
  close: number,
): [Float64Array, Float64Array] {
  const [n, m] = [rows.length, columns.length];
  const inverse = rows.map((sum) => (sum > 0 ? 1 / sum : 0));
  const scale = columns.map((sum) => (sum > 0 ? 1 / sum : 0));
  const [u, v, eliminated] = [new Float64Array(n), new Float64Array(m), new Float64Array(m)];
  byColumns(
    plan,
    p.map((x, i) => x * inverse[i]!),
    eliminated,
  );
  const residual = q.map((x, j) => x - eliminated[j]!);
  balance(residual, columns);
  let scaled = residual.map((x, j) => x * scale[j]!);
  const direction = scaled.slice();
  const image = new Float64Array(m);
  let size = product(residual, scaled);
  const enough = size * close * close;
  for (let step = 0; step < MAX_STEPS && size > enough; step++) {
    byRows(plan, direction, u);
    for (let i = 0; i < n; i++) u[i]! *= inverse[i]!;
    byColumns(plan, u, eliminated);
    for (let j = 0; j < m; j++) image[j] = columns[j]! * direction[j]! - eliminated[j]!;
    const curvature = product(direction, image);
    if (!(curvature > FLAT * direction.reduce((sum, x, j) => sum + columns[j]! * x * x, 0))) break;
    const length = size / curvature;
    for (let j = 0; j < m; j++) {
      v[j]! += length * direction[j]!;
      residual[j]! -= length * image[j]!;
    }
    balance(residual, columns);
    scaled = residual.map((x, j) => x * scale[j]!);
    const next = product(residual, scaled);
    for (let j = 0; j < m; j++) direction[j] = scaled[j]! + (next / size) * direction[j]!;
    size = next;
  }
  byRows(plan, v, u);
  return [u.map((x, i) => (p[i]! - x) * inverse[i]!), v];
}

/** Takes away what rounding left of a shift of all, which the system does not see: the residual sums to 0. */
function balance(residual: Float64Array, columns: Float64Array): void {
  const [excess, all] = [residual.reduce((x, y) => x + y, 0), columns.reduce((x, y) => x + y, 0)];
  for (let j = 0; j < residual.length; j++) residual[j]! -= (excess / all) * columns[j]!;
}
