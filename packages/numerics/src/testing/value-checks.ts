import { type DType, isFloatingPoint } from "../dtype.ts";
import { runtime } from "../runtime.ts";
import { tidy } from "../scope.ts";
import { formatShape, sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Call, callOf, stridedCopy } from "./call.ts";
import type { OpCases, Sample } from "./cases.ts";
import { type Closeness, compareNumbers, flattenExpected, numbersOf } from "./close.ts";
import { elementwise } from "./reference.ts";
import { closenessFor } from "./rules.ts";

/** Runs a call and checks, for every operation inside, that the shape and dtype it declares are those it gives. */
function runWatched(call: Call, tensors: readonly Tensor[]): Tensor[] {
  const outer = runtime.tracer;
  const wrong: string[] = [];
  runtime.tracer = {
    makesGraph: false,
    record(op, inputs, attrs, outputs) {
      if ((op as { shape?: unknown }).shape === undefined) return;
      const declared = op.shape(inputs, attrs as never);
      const specs = Array.isArray(declared) ? declared : [declared];
      outputs.forEach((y, i) => {
        const spec = specs[i];
        if (spec === undefined || !sameShape(spec.shape, y.shape) || spec.dtype !== y.dtype) {
          const said = spec === undefined ? "nothing" : `${formatShape(spec.shape)} ${spec.dtype}`;
          wrong.push(`${op.name} declares ${said} and gives ${formatShape(y.shape)} ${y.dtype}`);
        }
      });
    },
    reading() {},
  };
  let outputs: Tensor[];
  try {
    outputs = call.run(tensors);
  } finally {
    runtime.tracer = outer;
  }
  if (wrong.length > 0) throw new Error(wrong[0]);
  return outputs;
}

export function checkOutput(
  what: string,
  y: Tensor,
  want: unknown,
  closeness: Closeness,
  shape?: readonly number[],
): void {
  const expected = flattenExpected(want);
  const wantShape = shape ?? expected.shape;
  if (!sameShape(y.shape, wantShape)) {
    throw new Error(`${what}: shape is ${formatShape(y.shape)}, want ${formatShape(wantShape)}`);
  }
  compareNumbers(what, numbersOf(y), expected.numbers, y.shape, closeness);
}

function checkDType(sample: Sample, y: Tensor, dtype: DType): void {
  const want = sample.resultDType ?? (isFloatingPoint(dtype) && isFloatingPoint(y.dtype) ? dtype : y.dtype);
  if (y.dtype !== want) throw new Error(`the result is ${y.dtype}, want ${want}`);
}

function checkExpected(cases: OpCases, sample: Sample, outputs: readonly Tensor[], dtype: DType): void {
  const closeness = closenessFor(cases, sample, dtype);
  if (sample.shape !== undefined && !sameShape(outputs[0]!.shape, sample.shape)) {
    throw new Error(`shape is ${formatShape(outputs[0]!.shape)}, want ${formatShape(sample.shape)}`);
  }
  if (sample.expect === undefined) return;
  const wants = outputs.length === 1 ? [sample.expect] : (sample.expect as readonly unknown[]);
  outputs.forEach((y, i) => {
    const what = outputs.length === 1 ? "value" : `output ${i}`;
    checkOutput(what, y, wants[i], closeness, i === 0 ? sample.shape : undefined);
  });
}

function checkReference(cases: OpCases, sample: Sample, tensors: readonly Tensor[], y: Tensor, dtype: DType): void {
  const reference = sample.reference ?? cases.reference;
  if (reference === undefined) return;
  const { shape, results } = elementwise(reference, tensors);
  if (!sameShape(shape, y.shape)) throw new Error(`shape is ${formatShape(y.shape)}, want ${formatShape(shape)}`);
  compareNumbers("against the reference", numbersOf(y), results as number[], shape, closenessFor(cases, sample, dtype));
}

function checkComposed(cases: OpCases, sample: Sample, call: Call, outputs: readonly Tensor[], dtype: DType): void {
  if (call.composed === undefined) return;
  const wide = call.tensors.map((t) => (isFloatingPoint(t.dtype) ? t.to("float64") : t));
  call.composed(wide).forEach((want, i) => {
    const y = outputs[i]!;
    if (!sameShape(want.shape, y.shape)) {
      throw new Error(`shape is ${formatShape(y.shape)}, want ${formatShape(want.shape)} of the composed form`);
    }
    const closeness = closenessFor(cases, sample, dtype);
    compareNumbers("against the composed form", numbersOf(y), numbersOf(want), y.shape, closeness);
  });
}

export function checkValues(cases: OpCases, sample: Sample, dtype: DType): void {
  tidy(() => {
    const call = callOf(cases, sample, dtype);
    const outputs = runWatched(call, call.tensors);
    for (const y of outputs) checkDType(sample, y, dtype);
    checkExpected(cases, sample, outputs, dtype);
    if (outputs.length === 1) checkReference(cases, sample, call.tensors, outputs[0]!, dtype);
    checkComposed(cases, sample, call, outputs, dtype);
  });
}

/** The outputs on inconvenient memory must be those on contiguous memory, bit for bit or within the tolerance. */
export function checkStrided(cases: OpCases, sample: Sample, dtype: DType): void {
  tidy(() => {
    const call = callOf(cases, sample, dtype);
    const plain = call.run(call.tensors);
    const strided = call.run(call.tensors.map(stridedCopy));
    plain.forEach((y, i) => {
      const got = strided[i]!;
      if (!sameShape(got.shape, y.shape)) throw new Error(`strided: shape is ${formatShape(got.shape)}`);
      compareNumbers("strided", numbersOf(got), numbersOf(y), y.shape, closenessFor(cases, sample, dtype));
    });
  });
}
