import type { DType } from "../dtype.ts";
import type { OpDefinition } from "../op.ts";
import type { OpCases, Sample, Tolerance } from "./cases.ts";
import type { Closeness } from "./close.ts";

const DEFAULTS: Readonly<Record<keyof Tolerance, Closeness>> = {
  float32: { ulp: 1 },
  float64: { relative: 4e-14, absolute: 1e-15 },
  gradient: { relative: 1e-5, absolute: 1e-7 },
  onnx: { relative: 1e-5, absolute: 1e-6 },
};

/** The tolerance of a sample for one kind of comparison; whatever it says widens the default. */
export function toleranceOf(cases: OpCases, sample: Sample, kind: keyof Tolerance): Closeness {
  const given = sample.tolerance?.[kind] ?? cases.tolerance?.[kind];
  if (given === undefined) return DEFAULTS[kind];
  return { ...DEFAULTS[kind], ...(typeof given === "number" ? { relative: given } : given) };
}

/** The tolerance of a result in `dtype`; integers and booleans are exact. */
export function closenessFor(cases: OpCases, sample: Sample, dtype: DType): Closeness {
  return dtype === "float32" || dtype === "float64" ? toleranceOf(cases, sample, dtype) : {};
}

function definitionOf(cases: OpCases): OpDefinition<never> | undefined {
  return cases.op ?? (cases.run as { op?: OpDefinition<never> }).op;
}

/** Why an operation has no gradient, if it says so itself. */
export function gradientSkip(cases: OpCases): string | undefined {
  const gradient = definitionOf(cases)?.gradient;
  if (cases.gradient !== undefined) return cases.gradient;
  return typeof gradient === "object" ? gradient.nonDifferentiable : undefined;
}

/** Why an operation has no ONNX form, if it says so itself. */
export function onnxSkip(cases: OpCases): string | undefined {
  const onnx = definitionOf(cases)?.onnx;
  if (cases.onnx !== undefined) return cases.onnx;
  return typeof onnx === "object" ? onnx.unsupported : undefined;
}
