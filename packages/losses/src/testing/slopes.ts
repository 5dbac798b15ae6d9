import { grad, type Tensor, tensor } from "@tenon/numerics";

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

/** @throws Error unless both hold the same numbers, up to a relative error. */
export function close(got: unknown, want: unknown, relative = 1e-12): void {
  const [a, b] = [[got].flat(9) as number[], [want].flat(9) as number[]];
  const different = a.findIndex((x, i) => {
    const y = b[i] ?? Number.NaN;
    return !(Object.is(x, y) || x === y || Math.abs(x - y) <= relative * Math.abs(y));
  });
  if (different < 0 && a.length === b.length) return;
  throw new Error(`[${a.join(", ")}] against [${b.join(", ")}], first at ${different}`);
}
