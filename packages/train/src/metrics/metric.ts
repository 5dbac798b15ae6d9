import type { Tensor } from "@tenon/numerics";

/**
 * A quantity over a whole data set: counts are kept over batches, so that a smaller last batch weighs what it should.
 * `R` is what `compute` gives.
 */
export interface Metric<R = number> {
  /** Takes one batch of outputs and targets. */
  update(output: Tensor, target: Tensor): void;
  /** The value over everything since `reset`; NaN (or NaNs) without data. */
  compute(): R;
  reset(): void;
}
