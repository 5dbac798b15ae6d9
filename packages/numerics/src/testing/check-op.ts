import { type DType, isFloatingPoint } from "../dtype.ts";
import { engine } from "../runtime.ts";
import { tidy } from "../scope.ts";
import { formatShape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { callOf, rawArgs } from "./call.ts";
import type { ErrorCase, OpCases, Sample, Skip } from "./cases.ts";
import { compareNumbers, numbersOf } from "./close.ts";
import { checkDerivative, checkDifferences, checkGivenGradients, checkStridedGradients } from "./gradient-checks.ts";
import { madeSamples } from "./made-samples.ts";
import { gradientSkip, onnxSkip, toleranceOf } from "./rules.ts";
import { checkStrided, checkValues } from "./value-checks.ts";

/** One thing to check about an operation. `skip` says why it is left out; `run` throws what is wrong. */
export interface Check {
  readonly name: string;
  readonly skip?: string;
  readonly run: () => void | Promise<void>;
}

/** Exports a function and runs the result elsewhere: what `checkOp` asks of an ONNX exporter. */
export interface Exporter {
  run(fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[], inputs: readonly Tensor[]): Promise<readonly Tensor[]>;
}

const FLOATS: readonly DType[] = ["float32", "float64"];
function labelOf(sample: Sample, index: number): string {
  return sample.name ?? `sample ${index}`;
}

function checkError(cases: OpCases, row: ErrorCase): void {
  let thrown: unknown;
  try {
    tidy(() => {
      (cases.run as (...args: unknown[]) => unknown)(...rawArgs(row, "float32"));
    });
  } catch (error) {
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`no error; want ${row.error.name} with ${row.message}`);
  if (!(thrown instanceof Error) || thrown.constructor !== row.error) {
    throw new Error(`want a ${row.error.name}, got ${String(thrown)}`, { cause: thrown });
  }
  if (!row.message.test(thrown.message)) throw new Error(`the text is "${thrown.message}", want ${row.message}`);
}

function magnitudeOf(values: ArrayLike<number | bigint>): number {
  let greatest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(Number(values[i]));
    if (Number.isFinite(size) && size > greatest) greatest = size;
  }
  return greatest;
}

async function checkOnnx(cases: OpCases, sample: Sample, exporter: Exporter, dtype: DType): Promise<void> {
  const call = callOf(cases, sample, dtype);
  const want = call.run(call.tensors);
  const got = await exporter.run((...inputs) => call.run(inputs), call.tensors);
  want.forEach((y, i) => {
    if (!sameShape(got[i]!.shape, y.shape)) throw new Error(`ONNX: shape is ${formatShape(got[i]!.shape)}`);
    const values = numbersOf(y);
    // The other runtime sums in another order, so what cancels in one element is as uncertain as the largest is.
    const { absolute = 0, ...rest } = toleranceOf(cases, sample, "onnx");
    const closeness = { ...rest, absolute: absolute * Math.max(1, magnitudeOf(values)) };
    compareNumbers("ONNX", numbersOf(got[i]!), values, y.shape, closeness);
  });
}

function skipReason(cases: OpCases, check: Skip["check"], dtype: DType): string | undefined {
  const { backend } = engine();
  const row = cases.skip?.find(
    (s) =>
      s.check === check &&
      (s.dtype === undefined || s.dtype === dtype) &&
      (s.backend === undefined || s.backend === backend),
  );
  return row?.reason;
}

type AnySample = Sample & { readonly kind?: "shapes" | "broadcast" | "empty" | "special" };

function checkOfKind(sample: AnySample): Skip["check"] {
  return sample.kind === undefined || sample.kind === "shapes" ? "values" : sample.kind;
}

function valueChecks(cases: OpCases, sample: AnySample, label: string): Check[] {
  const checks: Check[] = [];
  const add = (name: string, check: Skip["check"], dtype: DType, run: () => void, skip?: string) => {
    const reason = skip ?? skipReason(cases, check, dtype);
    const named = `${label}, ${dtype}: ${name}`;
    checks.push(reason === undefined ? { name: named, run } : { name: named, run, skip: reason });
  };
  for (const dtype of sample.dtypes ?? FLOATS) {
    add("values", checkOfKind(sample), dtype, () => checkValues(cases, sample, dtype));
    if (sample.kind !== "special") {
      add("strided", "strided", dtype, () => checkStrided(cases, sample, dtype), sample.strided);
    }
    if (sample.grads !== undefined && isFloatingPoint(dtype)) {
      add("gradients as given", "gradient", dtype, () => checkGivenGradients(cases, sample, dtype));
    }
    if (cases.derivative !== undefined && (sample.kind === "shapes" || sample.kind === "special")) {
      add("derivative", "gradient", dtype, () => checkDerivative(cases, sample, dtype));
    }
  }
  return checks;
}

function gradientChecks(cases: OpCases, sample: AnySample, label: string): Check[] {
  if (sample.kind === "special" || sample.kind === "empty") return [];
  if (sample.dtypes !== undefined && !sample.dtypes.includes("float64")) return [];
  const whole = gradientSkip(cases) ?? skipReason(cases, "gradient", "float64");
  const first = whole ?? sample.gradient;
  const second =
    first ?? cases.secondGradient ?? sample.secondGradient ?? skipReason(cases, "secondGradient", "float64");
  const with_ = (name: string, skip: string | undefined, run: () => void): Check => {
    const named = `${label}: ${name}`;
    return skip === undefined ? { name: named, run } : { name: named, run, skip };
  };
  return [
    with_("gradient", first, () => checkDifferences(cases, sample, false)),
    with_("second gradient", second, () => checkDifferences(cases, sample, true)),
    with_("strided gradient", whole ?? sample.strided ?? skipReason(cases, "strided", "float64"), () =>
      checkStridedGradients(cases, sample),
    ),
  ];
}

/** Everything that the cases let us check about an operation, as named checks to run or skip. */
export function opChecks(cases: OpCases): Check[] {
  const samples: AnySample[] = [...cases.samples, ...madeSamples(cases)];
  const checks = samples.flatMap((sample, i) => {
    const label = labelOf(sample, i);
    return [...valueChecks(cases, sample, label), ...gradientChecks(cases, sample, label)];
  });
  (cases.errors ?? []).forEach((row, i) => {
    checks.push({ name: `error: ${row.name ?? `${i} ${row.message.source}`}`, run: () => checkError(cases, row) });
  });
  return checks;
}

/** The ONNX rows of the cases: exported by `exporter`, run there, compared with our own values in `dtype`. */
export function onnxChecks(cases: OpCases, exporter: Exporter, dtype: DType = "float32"): Check[] {
  const whole = onnxSkip(cases);
  return cases.samples.flatMap((sample, i) => {
    if (!(sample.dtypes ?? FLOATS).includes(dtype)) return [];
    const skip = whole ?? sample.onnx ?? skipReason(cases, "onnx", dtype);
    const check = { name: `${labelOf(sample, i)}: ONNX`, run: () => checkOnnx(cases, sample, exporter, dtype) };
    return [skip === undefined ? check : { ...check, skip }];
  });
}

/** The cases of a plug-in's operation: name and call may be left out, they are the function's own. */
export type PluginCases = Omit<OpCases, "name" | "run"> & Partial<Pick<OpCases, "name" | "run">>;

/**
 * Checks an operation against its cases the way Tenon's own are checked: values in both floating dtypes against the reference, gradients
 * and second gradients against finite differences, declared shapes, strided, empty and scalar inputs, broadcasting, NaN and infinities, error texts,
 * and ONNX if an exporter is given. Throws one error that lists all that is wrong.
 * @example await checkOp(swish, { samples: [{ args: () => [[0, 1]], expect: [0, 0.7310585786300049] }] });
 */
export async function checkOp(
  op: (...args: never[]) => Tensor | readonly Tensor[],
  cases: PluginCases,
  options: { readonly exporter?: Exporter } = {},
): Promise<void> {
  const full: OpCases = { name: op.name, run: op, ...cases };
  const checks = [...opChecks(full), ...(options.exporter === undefined ? [] : onnxChecks(full, options.exporter))];
  const failures: string[] = [];
  for (const { name, skip, run } of checks) {
    if (skip !== undefined) continue;
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  if (failures.length > 0)
    throw new Error(`${full.name}: ${failures.length} checks failed\n  ${failures.join("\n  ")}`);
}
