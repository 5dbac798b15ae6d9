import {
  allocate,
  apply,
  applyMulti,
  type ManyOutputs,
  type OneOutput,
  type Tensor,
  UnsupportedError,
  unsupported,
} from "@tenon/numerics";

export interface SoftDtwAttrs {
  /** How much the paths beside the cheapest count; 0 is the cheapest alone. */
  readonly gamma: number;
  /** Cells farther than this from the diagonal are on no path. */
  readonly bandwidth: number;
  /** How many rows and columns of each sample count. */
  readonly lengths: readonly (readonly [rows: number, columns: number])[];
}

/** One sample's costs with the sums and the shares that the recursions leave. */
interface Alignment {
  readonly costs: Float64Array;
  /** Columns of a row of `costs`. */
  readonly width: number;
  readonly rows: number;
  readonly columns: number;
  /** The soft minimum over all paths up to each cell, `[rows, columns]`. */
  readonly sums: Float64Array;
  /** How much of each cell's paths come from the cell diagonally before, above and left of it: `[rows, columns, 3]`. */
  readonly shares: Float64Array;
}

/** Where the cell before lies, in the shares' order. */
const STEPS = [
  [1, 1],
  [1, 0],
  [0, 1],
] as const;

/** The recursion of Sakoe and Chiba with a soft minimum. */
function align(costs: Float64Array, width: number, rows: number, columns: number, attrs: SoftDtwAttrs): Alignment {
  const { gamma, bandwidth } = attrs;
  const sums = new Float64Array(rows * columns);
  const shares = new Float64Array(3 * rows * columns);
  const before = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      if (Math.abs(i - j) > bandwidth) {
        sums[at] = Number.POSITIVE_INFINITY;
        continue;
      }
      before[0] = i > 0 && j > 0 ? sums[at - columns - 1]! : Number.POSITIVE_INFINITY;
      before[1] = i > 0 ? sums[at - columns]! : Number.POSITIVE_INFINITY;
      before[2] = j > 0 ? sums[at - 1]! : Number.POSITIVE_INFINITY;
      const least = at === 0 ? 0 : softMinimum(before, gamma, shares, 3 * at);
      sums[at] = costs[i * width + j]! + least;
    }
  }
  return { costs, width, rows, columns, sums, shares };
}

/** `-gamma log(sum of e^(-v / gamma))` of three values; writes what each contributes. Infinite values contribute nothing. */
function softMinimum(v: readonly number[], gamma: number, shares: Float64Array, at: number): number {
  const least = Math.min(v[0]!, v[1]!, v[2]!);
  if (!Number.isFinite(least)) return least;
  const first = v.indexOf(least);
  let others = 0;
  for (let k = 0; k < 3; k++) {
    const share = k === first ? 1 : gamma === 0 ? 0 : Math.exp((least - v[k]!) / gamma);
    shares[at + k] = share;
    if (k !== first) others += share;
  }
  for (let k = 0; k < 3; k++) shares[at + k]! /= 1 + others;
  return least - gamma * Math.log1p(others);
}

/** The value of an alignment: the last sum. */
function total({ sums }: Alignment): number {
  return sums[sums.length - 1]!;
}

/** How often each cell is passed, given how often the last is: the derivative by its cost. */
function visits({ rows, columns, shares, sums }: Alignment): Float64Array {
  const passed = new Float64Array(rows * columns);
  if (!Number.isFinite(sums[sums.length - 1]!)) return passed;
  passed[passed.length - 1] = 1;
  for (let at = rows * columns - 1; at > 0; at--) {
    const here = passed[at]!;
    if (here === 0) continue;
    STEPS.forEach(([up, left], k) => {
      const share = shares[3 * at + k]!;
      if (share > 0) passed[at - up * columns - left]! += here * share;
    });
  }
  return passed;
}

/** The derivatives of the value and of `visits` as the costs move along `direction`. */
function along(a: Alignment, direction: Float64Array, gamma: number): { value: number; passed: Float64Array } {
  const { width, rows, columns, shares } = a;
  const passed = visits(a);
  const moved = new Float64Array(rows * columns);
  const sums = new Float64Array(rows * columns);
  const slopes = new Float64Array(3 * rows * columns);
  if (!Number.isFinite(total(a))) return { value: 0, passed: moved };
  for (let at = 0; at < rows * columns; at++) {
    const before = STEPS.map(([up, left], k) => (shares[3 * at + k]! > 0 ? sums[at - up * columns - left]! : 0));
    const least = before.reduce((sum, v, k) => sum + shares[3 * at + k]! * v, 0);
    sums[at] = direction[Math.floor(at / columns) * width + (at % columns)]! + least;
    if (gamma === 0) continue;
    for (let k = 0; k < 3; k++) slopes[3 * at + k] = (shares[3 * at + k]! * (least - before[k]!)) / gamma;
  }
  for (let at = rows * columns - 1; at > 0; at--) {
    STEPS.forEach(([up, left], k) => {
      const share = shares[3 * at + k]!;
      if (share > 0) moved[at - up * columns - left]! += moved[at]! * share + passed[at]! * slopes[3 * at + k]!;
    });
  }
  return { value: sums[sums.length - 1]!, passed: moved };
}

/** Runs `compute` for every sample of costs `[N, T, S]`. */
function eachSample(costs: Tensor, attrs: SoftDtwAttrs, compute: (alignment: Alignment, sample: number) => void): void {
  const [, height, width] = costs.shape as [number, number, number];
  const values = costs.contiguous().view() as Float64Array;
  attrs.lengths.forEach(([rows, columns], n) => {
    const own = values.subarray(n * height * width, (n + 1) * height * width);
    compute(align(own, width, rows, columns, attrs), n);
  });
}

/** Puts a sample's cells, times a factor, where they belong among all. */
function place(out: Float64Array, n: number, costs: Tensor, a: Alignment, cells: Float64Array, factor: number): void {
  const begin = n * costs.shape[1]! * a.width;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) out[begin + i * a.width + j] = factor * cells[i * a.columns + j]!;
  }
}

const definition: OneOutput<SoftDtwAttrs> = {
  name: "softDtw",
  shape: ([costs]) => ({ shape: [costs!.shape[0]!], dtype: costs!.dtype }),
  forward: (_k, [costs], attrs, { shape, dtype }) => {
    const losses = new Float64Array(shape[0]!);
    eachSample(costs!, attrs, (alignment, n) => {
      losses[n] = total(alignment);
    });
    return filled(shape, dtype, losses);
  },
  gradient: ({ inputs: [costs], dy, attrs }) => [apply(gradDefinition, [dy, costs!], attrs)],
  onnx: unsupported("ONNX has no operation for a sum over all alignments"),
};

/** Inputs dy `[N]`, costs. */
const gradDefinition: OneOutput<SoftDtwAttrs> = {
  name: "softDtwGrad",
  shape: ([, costs]) => costs!,
  forward: (_k, [dy, costs], attrs, { shape, dtype }) => {
    const factors = dy!.contiguous().data() as Float64Array;
    const out = new Float64Array(costs!.size);
    eachSample(costs!, attrs, (a, n) => place(out, n, costs!, a, visits(a), factors[n]!));
    return filled(shape, dtype, out);
  },
  gradient: ({ inputs: [dy, costs], dy: v, attrs }) => applyMulti(secondDefinition, [v, dy!, costs!], attrs),
  onnx: unsupported("it appears in gradients only"),
};

/** Derivatives along v: of the losses, and of their gradient times dy. Inputs v, dy, costs. */
const secondDefinition: ManyOutputs<SoftDtwAttrs> = {
  name: "softDtwSecondGrad",
  shape: ([v, dy]) => [dy!, v!],
  forward: (_k, [v, dy, costs], attrs, [rows, cells]) => {
    const factors = dy!.contiguous().data() as Float64Array;
    const directions = v!.contiguous().data() as Float64Array;
    const [losses, out] = [new Float64Array(dy!.size), new Float64Array(costs!.size)];
    const each = costs!.shape[1]! * costs!.shape[2]!;
    eachSample(costs!, attrs, (a, n) => {
      const { value, passed } = along(a, directions.subarray(n * each, (n + 1) * each), attrs.gamma);
      losses[n] = value;
      place(out, n, costs!, a, passed, factors[n]!);
    });
    return [filled(rows!.shape, rows!.dtype, losses), filled(cells!.shape, cells!.dtype, out)];
  },
  gradient: () => {
    throw new UnsupportedError({ op: "softDtw", rule: "third derivatives of soft-DTW are not there" });
  },
  onnx: unsupported("it appears in gradients only"),
};

function filled(shape: readonly number[], dtype: Tensor["dtype"], values: Float64Array): Tensor {
  const y = allocate(shape, dtype);
  if (y.size > 0) (y.view() as Float64Array).set(values);
  return y;
}

/** The soft minimum over all monotone paths from the first cell to the last of the sum of their costs, `[N, T, S]` float64 to `[N]`. */
export function softDtw(costs: Tensor, attrs: SoftDtwAttrs): Tensor {
  return apply(definition, [costs], attrs);
}
