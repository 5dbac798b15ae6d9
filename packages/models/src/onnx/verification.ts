import { type Tensor, type TypedArray, to } from "@tenon/numerics";

/** How far one output of a run was from Tenon's. */
export interface OnnxComparison {
  /** Sizes of the dynamic dimensions, by name. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly output: string;
  readonly shape: readonly number[];
  /** The greatest difference of an element; 0 for equal infinities and NaN, infinite where only one side has them. */
  readonly maxAbsoluteDifference: number;
  /** The greatest finite magnitude in Tenon's output. */
  readonly magnitude: number;
}

/** What `verifyOnnx` found. Prints as a table. */
export class OnnxVerification {
  /** Whether every difference is within the tolerance times the output's magnitude, or times 1 if that is smaller. */
  readonly ok: boolean;
  readonly comparisons: readonly OnnxComparison[];
  readonly tolerance: number;
  /** The file, or "bytes". */
  readonly model: string;
  /** Name and version of what ran it. */
  readonly runtime: string;

  constructor(model: string, runtime: string, tolerance: number, comparisons: readonly OnnxComparison[]) {
    this.model = model;
    this.runtime = runtime;
    this.tolerance = tolerance;
    this.comparisons = comparisons;
    const within = (row: OnnxComparison) => row.maxAbsoluteDifference <= tolerance * Math.max(1, row.magnitude);
    this.ok = comparisons.length > 0 && comparisons.every(within);
  }

  /** The greatest difference of all runs. */
  get maxAbsoluteDifference(): number {
    return Math.max(0, ...this.comparisons.map((row) => row.maxAbsoluteDifference));
  }

  toString(): string {
    const several = new Set(this.comparisons.map((row) => row.output)).size > 1;
    const rows = this.comparisons.map((row) => {
      const sizes = Object.entries(row.sizes)
        .map(([name, size]) => `${name} ${size}`)
        .join(", ");
      const difference = `${row.maxAbsoluteDifference.toExponential(2)}, values up to ${row.magnitude.toPrecision(3)}`;
      return [sizes || "fixed size", several ? row.output : "", difference] as const;
    });
    const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
    const lines = rows.map(([sizes, output, difference]) => {
      const name = several ? `  ${output.padEnd(width(1))}` : "";
      return `  ${sizes.padEnd(width(0))}${name}  greatest difference ${difference}`;
    });
    const verdict = this.ok ? "agree" : "DIFFER";
    return [
      `ONNX      ${this.runtime} and Tenon ${verdict} on ${this.model} (allowed: ${this.tolerance.toExponential()} times the values' magnitude, or times 1 if they are smaller)`,
      ...lines,
    ].join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Compares what onnxruntime gave with what Tenon gave. */
export function compare(
  sizes: Readonly<Record<string, number>>,
  output: string,
  got: Tensor,
  want: Tensor,
): OnnxComparison {
  const { shape } = want;
  const row = { sizes, output, shape };
  if (got.dtype !== want.dtype || got.shape.join() !== shape.join()) {
    return { ...row, maxAbsoluteDifference: Number.POSITIVE_INFINITY, magnitude: 0 };
  }
  const a = numbersOf(got);
  const b = numbersOf(want);
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < b.length; i++) {
    const x = Number(a[i]);
    const y = Number(b[i]);
    if (Number.isFinite(y)) magnitude = Math.max(magnitude, Math.abs(y));
    if (Object.is(x, y) || x === y) continue;
    const d = Math.abs(x - y);
    difference = Math.max(difference, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d);
  }
  return { ...row, maxAbsoluteDifference: difference, magnitude };
}

/** float16 and bfloat16 would come as bit patterns. */
function numbersOf(t: Tensor): TypedArray {
  return (t.dtype === "float16" || t.dtype === "bfloat16" ? to(t, "float32") : t).data();
}
