import { grad } from "../autograd/backward.ts";
import { fromTypedArray } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { tidy } from "../scope.ts";
import { sizeOfShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Closeness, compareNumbers, numbersOf } from "./close.ts";

/** A differentiable function of tensors. Outputs that are not floating are left out of the check. */
export type TensorFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

export interface GradcheckOptions {
  /** Default: relative 1e-5, absolute 1e-7. */
  readonly closeness?: Closeness;
  /** Step of the central differences, times max(1, |x|). Default 1e-5. */
  readonly step?: number;
  /** At most so many elements of each input are moved; the gradient is compared at those. Default 40. */
  readonly elements?: number;
}

const DEFAULT: Closeness = { relative: 1e-5, absolute: 1e-7 };

interface Point {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Numbers in [-1, 1) that look random and are the same on every run. */
export function scramble(seed: number, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = (i + Math.imul(seed + 1, 0x9e3779b1)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    out[i] = ((x ^ (x >>> 16)) >>> 8) * 2 ** -23 - 1;
  }
  return out;
}

function pointOf(t: Tensor, op: string): Point {
  if (t.dtype !== "float64") {
    throw new ArgumentError({
      op,
      rule: "finite differences need float64 inputs",
      received: t.dtype,
      hint: "Make them with { dtype: 'float64' }",
    });
  }
  return { shape: t.shape, values: numbersOf(t) };
}

function leaf({ shape, values }: Point): Tensor {
  const t = fromTypedArray(values, shape, "float64");
  t.requiresGrad = true;
  return t;
}

function outputsOf(fn: TensorFunction, leaves: Tensor[]): Tensor[] {
  const result = fn(...leaves);
  const all = Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
  return all.filter((y) => isFloatingPoint(y.dtype));
}

/** The sum of all outputs, each weighted by fixed numbers that differ from element to element. */
function weightedSum(fn: TensorFunction, points: readonly Point[]): number {
  return tidy(() => {
    let total = 0;
    outputsOf(fn, points.map(leaf)).forEach((y, k) => {
      const weights = scramble(k + 1, y.size);
      const values = numbersOf(y);
      for (let i = 0; i < values.length; i++) if (weights[i] !== 0) total += weights[i]! * values[i]!;
    });
    return total;
  });
}

function analytic(fn: TensorFunction, points: readonly Point[]): Float64Array[] {
  return tidy(() => {
    const leaves = points.map(leaf);
    const roots = outputsOf(fn, leaves);
    const seeds = roots.map((y, k) => fromTypedArray(scramble(k + 1, y.size), y.shape, "float64").to(y.dtype));
    const live = roots.flatMap((y, k) => (y.requiresGrad ? [[y, seeds[k]!] as const] : []));
    if (live.length === 0) return points.map(({ values }) => new Float64Array(values.length));
    const gradients = grad(
      live.map(([y]) => y),
      leaves,
      { gradOutputs: live.map(([, seed]) => seed), allowUnused: true },
    );
    return gradients.map((g, i) => (g === null ? new Float64Array(points[i]!.values.length) : numbersOf(g)));
  });
}

function chosen(n: number, limit: number): number[] {
  if (n <= limit) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: limit }, (_, i) => Math.floor((i * n) / limit));
}

/** The derivative along one element, by central differences. */
function difference(fn: TensorFunction, points: readonly Point[], input: number, element: number, step: number) {
  const at = (delta: number) => {
    const values = points[input]!.values.slice();
    values[element] = values[element]! + delta;
    return weightedSum(
      fn,
      points.map((p, i) => (i === input ? { shape: p.shape, values } : p)),
    );
  };
  return (at(step) - at(-step)) / (2 * step);
}

/**
 * Compares the gradients of `fn` with finite differences at `inputs` (float64). Throws an error that names the worst element.
 * @example gradcheck((x) => gelu(x), [tensor([-1, 0.5], { dtype: "float64" })]);
 */
export function gradcheck(fn: TensorFunction, inputs: readonly Tensor[], options: GradcheckOptions = {}): void {
  const { closeness = DEFAULT, step = 1e-5, elements = 40 } = options;
  const points = inputs.map((t) => pointOf(t, "gradcheck"));
  const gradients = analytic(fn, points);
  points.forEach(({ values, shape }, input) => {
    const places = chosen(sizeOfShape(shape), elements);
    const want = places.map((i) => difference(fn, points, input, i, step * Math.max(1, Math.abs(values[i]!))));
    const got = places.map((i) => gradients[input]![i]!);
    compareNumbers(
      `gradient with respect to input ${input}`,
      got,
      want,
      places.length === values.length ? shape : [places.length],
      closeness,
    );
  });
}

/** The same for second derivatives: `gradcheck` of the function that computes the gradients. */
export function gradgradcheck(fn: TensorFunction, inputs: readonly Tensor[], options: GradcheckOptions = {}): void {
  const count = inputs.length;
  const probe = tidy(() => {
    const leaves = inputs.map((t) => leaf(pointOf(t, "gradgradcheck")));
    return outputsOf(fn, leaves).map((y) => ({ shape: y.shape, live: y.requiresGrad }));
  });
  const cotangents = probe.map(({ shape }, k) =>
    fromTypedArray(scramble(k + 11, sizeOfShape(shape)), shape, "float64"),
  );
  const gradients: TensorFunction = (...all) => {
    const leaves = all.slice(0, count);
    const roots = outputsOf(fn, leaves);
    const live = roots.flatMap((y, k) => (y.requiresGrad ? [[y, all[count + k]!] as const] : []));
    if (live.length === 0) return [];
    const found = grad(
      live.map(([y]) => y),
      leaves,
      { gradOutputs: live.map(([, seed]) => seed), allowUnused: true, createGraph: true },
    );
    return found.filter((g): g is Tensor => g !== null);
  };
  gradcheck(gradients, [...inputs, ...cotangents], {
    closeness: { relative: 1e-5, absolute: 1e-6 },
    elements: 16,
    ...options,
  });
}
