import { grad } from "../autograd/backward.ts";
import { enableGrad } from "../autograd/grad-mode.ts";
import { onesLike } from "../create.ts";
import { type DType, isFloatingPoint } from "../dtype.ts";
import { tidy } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { type Call, callOf, floatingPositions, stridedCopy } from "./call.ts";
import type { OpCases, Sample } from "./cases.ts";
import { compareNumbers, numbersOf } from "./close.ts";
import { gradcheck, gradgradcheck } from "./gradcheck.ts";
import { elementwise } from "./reference.ts";
import { closenessFor, toleranceOf } from "./rules.ts";
import { checkOutput } from "./value-checks.ts";

/** Handles that require grad on the floating tensors, the others as they are. */
function leavesOf(tensors: readonly Tensor[]): Tensor[] {
  return tensors.map((t) => {
    if (!isFloatingPoint(t.dtype)) return t;
    const handle = t.detach();
    handle.requiresGrad = true;
    return handle;
  });
}

/** Gradients of the sum of all outputs with respect to the floating tensors. */
function gradientsOf(call: Call, tensors: readonly Tensor[]): (Tensor | null)[] {
  const leaves = leavesOf(tensors);
  const roots = enableGrad(() => call.run(leaves)).filter((y) => y.requiresGrad);
  const inputs = floatingPositions(tensors).map((i) => leaves[i]!);
  if (roots.length === 0) return inputs.map(() => null);
  return grad(roots, inputs, { gradOutputs: roots.map((y) => onesLike(y)), allowUnused: true });
}

export function checkGivenGradients(cases: OpCases, sample: Sample, dtype: DType): void {
  tidy(() => {
    const call = callOf(cases, sample, dtype);
    const got = gradientsOf(call, call.tensors);
    sample.grads!.forEach((want, i) => {
      const g = got[i];
      if (want === null) {
        if (g !== null && g !== undefined) throw new Error(`gradient ${i} should be absent`);
        return;
      }
      if (g === null || g === undefined) throw new Error(`gradient ${i} is absent`);
      const tensorShape = call.tensors[floatingPositions(call.tensors)[i]!]!.shape;
      checkOutput(`gradient ${i}`, g, want, closenessFor(cases, sample, dtype), tensorShape);
    });
  });
}

/** Gradients of an elementwise operation against its derivative, where nothing was summed over a broadcast dimension. */
export function checkDerivative(cases: OpCases, sample: Sample, dtype: DType): void {
  tidy(() => {
    const call = callOf(cases, sample, dtype);
    const { results } = elementwise(cases.derivative!, call.tensors);
    gradientsOf(call, call.tensors).forEach((g, k) => {
      if (g === null) throw new Error(`gradient ${k} is absent`);
      const want = results.map((r) => (typeof r === "number" ? r : r[k]!));
      compareNumbers(
        `gradient ${k} against the derivative`,
        numbersOf(g),
        want,
        g.shape,
        closenessFor(cases, sample, dtype),
      );
    });
  });
}

export function checkDifferences(cases: OpCases, sample: Sample, second: boolean): void {
  tidy(() => {
    const call = callOf(cases, sample, "float64");
    const floating = floatingPositions(call.tensors);
    const fn = (...leaves: Tensor[]) => call.run(call.tensors.map((t, i) => leaves[floating.indexOf(i)] ?? t));
    const inputs = floating.map((i) => call.tensors[i]!.to("float64"));
    const given = sample.tolerance?.gradient ?? cases.tolerance?.gradient;
    const options = given === undefined ? {} : { closeness: toleranceOf(cases, sample, "gradient") };
    if (second) gradgradcheck(fn, inputs, options);
    else {
      gradcheck(fn, inputs, options);
      checkConnected(call);
    }
  });
}

/** Finite differences of a constant function agree with a missing gradient; a missing gradient must be said. */
function checkConnected(call: Call): void {
  const floats = call.run(leavesOf(call.tensors)).filter((y) => isFloatingPoint(y.dtype));
  if (floats.length > 0 && !floats.some((y) => y.requiresGrad)) {
    throw new Error("the result has no gradient, and neither the operation nor the cases say why");
  }
}

/** Gradients on inconvenient memory must be those on contiguous memory. */
export function checkStridedGradients(cases: OpCases, sample: Sample): void {
  tidy(() => {
    const call = callOf(cases, sample, "float64");
    const plain = gradientsOf(call, call.tensors);
    const strided = gradientsOf(call, call.tensors.map(stridedCopy));
    plain.forEach((g, i) => {
      if (g === null) return;
      compareNumbers(`strided gradient ${i}`, numbersOf(strided[i]!), numbersOf(g), g.shape, {
        relative: 1e-12,
        absolute: 1e-14,
      });
    });
  });
}
