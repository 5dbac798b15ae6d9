import { asTensor } from "../create.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

/**
 * `x / (1 + |x|)`: like tanh, with longer tails. Any shape; floating dtypes, integers compute in float32.
 *
 * The limits ±1 at infinity, the derivative `1 / (1 + |x|)^2`.
 * Source: Turian, Bergstra, Bengio, "Quadratic features and deep architectures for chunking" (NAACL 2009).
 * Differs from PyTorch: ±1 instead of NaN at infinity.
 * @example softsign([-1, 0, 3]).toArray() // [-0.5, 0, 0.75]
 */
export function softsign(x: TensorArg): Tensor {
  // Far out the result has long been ±1; the bound keeps infinity from dividing infinity.
  const bounded = asTensor(x).clamp({ min: -1e30, max: 1e30 });
  return bounded.div(bounded.abs().add(1));
}
