import { crossEntropy, nllLoss } from "@tenon/losses";
import { fromTypedArray, grad, logSoftmax, logSumExp, onesLike, softmax, type Tensor, tidy } from "@tenon/numerics";
import { type Row, rowOf } from "./functions.ts";
import { type Exact, type Judgement, judge } from "./judge.ts";
import { type Column, readColumns, type VectorSet } from "./vectors.ts";

/** One output of one function, judged; or why it was not. */
export interface Measured {
  readonly name: string;
  readonly output: string;
  readonly judgement?: Judgement;
  /** Allowed units in the last place. */
  readonly bar: number;
  readonly missing?: string;
  /** The error that ended the measurement. */
  readonly broken?: string;
  /** The inputs of the worst case. */
  readonly at?: string;
}

type Columns = Readonly<Record<string, Column>>;

/** Everything exact is asked to be within one unit in the last place; rows of softmax within two. */
const BAR = 1;
const SOFTMAX_BAR = 2;

function exactOf(columns: Columns, output: string): Exact {
  return {
    high: columns[`${output}.hi`] as Float64Array,
    low: columns[`${output}.lo`] as Float64Array,
    flag: columns[`${output}.flag`] as Uint8Array,
  };
}

function input(values: Float32Array, shape: readonly number[] = [values.length]): Tensor {
  const t = fromTypedArray(values, shape);
  t.requiresGrad = true;
  return t;
}

function numbers(t: Tensor | null | undefined, n: number): Float32Array {
  // No gradient where one is asked for: NaN makes every case a mismatch.
  return t === null || t === undefined ? new Float32Array(n).fill(Number.NaN) : (t.data() as Float32Array);
}

/** Positions of equal values of a column: one call each, where the column is an option of ours. */
function groupsOf(column: Column | undefined, n: number): number[][] {
  if (column === undefined) return [Array.from({ length: n }, (_, i) => i)];
  const groups = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const key = column[i]!;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  return [...groups.values()];
}

/** Values and derivatives of a pointwise function, by output name. */
function evaluate(set: VectorSet, columns: Columns, row: Row): Record<string, Float32Array> {
  const inputs = set.inputs!;
  const results = Object.fromEntries(set.outputs.map((output) => [output, new Float32Array(set.n)]));
  for (const group of groupsOf(row.option === undefined ? undefined : columns[row.option], set.n)) {
    tidy(() => {
      const given = Object.fromEntries(
        inputs.map((name) => [name, input(Float32Array.from(group, (i) => columns[name]![i]!))]),
      );
      const y = row.call!(given);
      const wanted = set.outputs.filter((output) => output !== "f").map((output) => output.slice(1));
      const gradients = grad(
        y,
        wanted.map((name) => given[name]!),
        { gradOutputs: [onesLike(y)], allowUnused: true },
      );
      const values = [numbers(y, group.length), ...gradients.map((g) => numbers(g, group.length))];
      ["f", ...wanted.map((name) => `d${name}`)].forEach((output, k) => {
        group.forEach((i, j) => {
          results[output]![i] = values[k]![j]!;
        });
      });
    });
  }
  return results;
}

function place(set: VectorSet, columns: Columns, i: number): string {
  return (set.inputs ?? []).map((name) => `${name}=${columns[name]![i]}`).join(" ");
}

export function measurePointwise(dir: string, set: VectorSet): Measured[] {
  const row = rowOf(set.name, set.inputs!);
  if (row.call === undefined) {
    return set.outputs.map((output) => ({ name: set.name, output, bar: BAR, missing: "not there yet" }));
  }
  const columns = readColumns(dir, set);
  const results = evaluate(set, columns, row);
  const term = row.term?.(columns);
  return set.outputs.map((output) => {
    const judgement = judge(results[output]!, exactOf(columns, output), BAR, term);
    const { worst, firstNonFinite } = judgement;
    const parts = [
      worst >= 0 && judgement.max > BAR ? place(set, columns, worst) : "",
      firstNonFinite >= 0 ? `non-finite e.g. ${place(set, columns, firstNonFinite)}` : "",
    ];
    return { name: set.name, output, bar: BAR, judgement, at: parts.filter(Boolean).join(" ; ") };
  });
}

/** Softmax, its logarithm, logSumExp and cross entropy over rows, with gradients. */
export function measureRows(dir: string, set: VectorSet): Measured[] {
  const columns = readColumns(dir, set);
  const { n, sampled = 0, size = 0 } = set;
  const index = columns.index!;
  const pick = (values: Float32Array) =>
    Float32Array.from({ length: n * sampled }, (_, k) => values[Math.floor(k / sampled) * size + index[k]!]!);
  const results = tidy(() => {
    const logits = input(columns.logits as Float32Array, [n, size]);
    const target = fromTypedArray(BigInt64Array.from(columns.target!, BigInt), [n]);
    const lse = logSumExp(logits, 1);
    const ce = crossEntropy(logits, target, { reduction: "none" });
    const [ceGrad] = grad(ce, [logits], { gradOutputs: [onesLike(ce)] });
    const [lseGrad] = grad(lse, [logits], { gradOutputs: [onesLike(lse)] });
    return {
      lse: numbers(lse, n),
      ce: numbers(ce, n),
      softmax: pick(numbers(softmax(logits, 1), n * size)),
      log_softmax: pick(numbers(logSoftmax(logits, 1), n * size)),
      ce_grad: pick(numbers(ceGrad, n * size)),
      "lse_grad (softmax)": pick(numbers(lseGrad, n * size)),
    };
  });
  const magnitude = (row: number) => {
    let most = 0;
    for (let j = 0; j < size; j++) {
      const x = Math.abs(columns.logits![row * size + j]!);
      if (Number.isFinite(x)) most = Math.max(most, x);
    }
    return most;
  };
  const { families = [] } = set;
  return Object.entries(results).map(([output, got]) => {
    const perRow = got.length === n;
    const rowAt = (i: number) => (perRow ? i : Math.floor(i / sampled));
    const name = output.startsWith("lse_grad") ? "softmax" : output;
    const bar = name === "softmax" || name === "ce_grad" ? SOFTMAX_BAR : BAR;
    const judgement = judge(
      got,
      exactOf(columns, name),
      bar,
      output === "lse" ? (i) => magnitude(rowAt(i)) : undefined,
    );
    const where = (i: number) => (i < 0 ? "" : `${families[columns.family![rowAt(i)]!]} row ${rowAt(i)}`);
    const at = [judgement.max > bar ? where(judgement.worst) : "", where(judgement.firstNonFinite)];
    return { name: set.name, output, bar, judgement, at: at.filter(Boolean).join(" ; ") };
  });
}

/** The weighted mean of negative log-likelihoods: sample j of a case has class j, so that weights are per sample. */
export function measureBatch(dir: string, set: VectorSet): Measured[] {
  const columns = readColumns(dir, set);
  const { n, size = 0 } = set;
  const mean = new Float32Array(n);
  const dx = new Float32Array(n * size);
  for (let c = 0; c < n; c++) {
    tidy(() => {
      const values = new Float32Array(size * size);
      for (let j = 0; j < size; j++) values[j * size + j] = columns.x![c * size + j]!;
      const x = input(values, [size, size]);
      const weight = fromTypedArray((columns.w as Float32Array).slice(c * size, (c + 1) * size), [size]);
      const target = fromTypedArray(
        BigInt64Array.from({ length: size }, (_, j) => BigInt(j)),
        [size],
      );
      const loss = nllLoss(x, target, { weight });
      const [g] = grad(loss, [x]);
      mean[c] = loss.item() as number;
      const gradient = numbers(g, size * size);
      for (let j = 0; j < size; j++) dx[c * size + j] = gradient[j * size + j]!;
    });
  }
  return [
    { output: "mean", got: mean },
    { output: "dx", got: dx },
  ].map(({ output, got }) => {
    const judgement = judge(got, exactOf(columns, output), BAR);
    return { name: set.name, output, bar: BAR, judgement, at: judgement.max > BAR ? `case ${judgement.worst}` : "" };
  });
}
