import { grad, type Tensor, tensor } from "@tenon/numerics";
import { expect } from "vitest";

/** A float64 tensor. */
export function f64(values: number | readonly unknown[]): Tensor {
  return tensor(values as number[], { dtype: "float64" });
}

/** Gradients of the sum of a loss. */
export function slopes(loss: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): unknown[] {
  const leaves = inputs.map((x) => x.detach());
  for (const x of leaves) x.requiresGrad = true;
  return grad([loss(...leaves).sum()], leaves).map((g) => g?.toArray());
}

/** Expects the same numbers, up to a relative error. */
export function close(got: unknown, want: unknown, relative = 1e-12): void {
  const [a, b] = [[got].flat(9) as number[], [want].flat(9) as number[]];
  expect(a.length).toBe(b.length);
  a.forEach((x, i) => {
    const y = b[i]!;
    if (Object.is(x, y) || x === y) return;
    expect(Math.abs(x - y), `${x} against ${y}`).toBeLessThanOrEqual(relative * Math.abs(y));
  });
}
