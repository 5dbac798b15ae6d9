import { erf, narrow, pad, type Tensor, tensor } from "@tenon/numerics";

/** `x` moved by `steps` along `dim`, zeros moving in. */
export function shifted(x: Tensor, dim: number, steps: number): Tensor {
  if (steps === 0) return x;
  const amounts = new Array<number>(2 * x.ndim).fill(0);
  amounts[2 * (x.ndim - 1 - dim) + (steps > 0 ? 0 : 1)] = Math.abs(steps);
  return narrow(pad(x, amounts), dim, steps > 0 ? 0 : -steps, x.shape[dim]!);
}

/** The least or greatest (`best`) of each element and its two neighbours along `dim`; `outside` never is. */
export function bestOfThree(x: Tensor, dim: number, best: (a: Tensor, b: Tensor) => Tensor, outside: number): Tensor {
  const amounts = new Array<number>(2 * x.ndim).fill(0).fill(1, 2 * (x.ndim - 1 - dim), 2 * (x.ndim - dim));
  const wide = pad(x, amounts, { value: outside });
  const size = x.shape[dim]!;
  return best(best(narrow(wide, dim, 0, size), x), narrow(wide, dim, 2, size));
}

/** The same kernel of odd length along each of the dimensions from `firstDim` on, zeros outside. */
export function filtered(x: Tensor, kernel: readonly number[], firstDim: number): Tensor {
  const half = (kernel.length - 1) / 2;
  let y = x;
  for (let dim = firstDim; dim < x.ndim; dim++) {
    const source = y;
    y = kernel.map((factor, i) => shifted(source, dim, i - half).mul(factor)).reduce((a, b) => a.add(b));
  }
  return y;
}

/** A Gaussian integrated over each pixel, cut off at 4 sigma. */
export function gaussianKernel(sigma: number): number[] {
  const tail = Math.floor(Math.max(4 * sigma, 0.5) + 0.5);
  const edges = Array.from({ length: 2 * tail + 2 }, (_, i) => (i - tail - 0.5) / (sigma * Math.SQRT2));
  const values = erf(tensor(edges, { dtype: "float64" })).toArray() as number[];
  return values.slice(1).map((value, i) => 0.5 * (value - values[i]!));
}
