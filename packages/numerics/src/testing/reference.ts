import { broadcastShapes, contiguousStrides, sizeOfShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { numbersOf } from "./close.ts";

/** An elementwise formula over tensors that broadcast: the naive way, in float64. */
export function elementwise(
  reference: (...elements: number[]) => number | readonly number[],
  inputs: readonly Tensor[],
): { shape: readonly number[]; results: (number | readonly number[])[]; positions: number[][] } {
  const shape = inputs.reduce<readonly number[]>((s, t) => broadcastShapes("reference", s, t.shape), []);
  const values = inputs.map(numbersOf);
  const rowMajor = contiguousStrides(shape);
  const strides = inputs.map((t) => {
    const own = contiguousStrides(t.shape);
    return shape.map((_, d) => {
      const k = d - (shape.length - t.ndim);
      return k < 0 || t.shape[k] === 1 ? 0 : own[k]!;
    });
  });
  const n = sizeOfShape(shape);
  const positions = inputs.map(() => new Array<number>(n));
  const results: (number | readonly number[])[] = [];
  for (let i = 0; i < n; i++) {
    const index = shape.map((size, d) => Math.floor(i / rowMajor[d]!) % size);
    inputs.forEach((_, k) => {
      positions[k]![i] = index.reduce((at, x, d) => at + x * strides[k]![d]!, 0);
    });
    results.push(reference(...values.map((v, k) => v[positions[k]![i]!]!)));
  }
  return { shape, results, positions };
}
