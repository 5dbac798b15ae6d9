import type { Tensor } from "@tenon/numerics";
import { checkClass, checkClasses, classPairs } from "./classes.ts";
import type { Metric } from "./metric.ts";

/**
 * Counts by class: `compute()[actual][predicted]`. Output: scores `[N, C, ...]` or classes `[N, ...]`; target: classes `[N, ...]`.
 * @throws IndexOutOfRangeError for a target or prediction that is no class.
 */
export class ConfusionMatrix implements Metric<number[][]> {
  readonly classes: number;
  readonly #counts: Float64Array;

  constructor({ classes }: { readonly classes: number }) {
    checkClasses("ConfusionMatrix", classes);
    this.classes = classes;
    this.#counts = new Float64Array(classes * classes);
  }

  update(output: Tensor, target: Tensor): void {
    const { predicted, actual } = classPairs("ConfusionMatrix", output, target);
    for (let i = 0; i < actual.length; i++) {
      checkClass("ConfusionMatrix", actual[i]!, this.classes);
      checkClass("ConfusionMatrix", predicted[i]!, this.classes);
      this.#counts[actual[i]! * this.classes + predicted[i]!]!++;
    }
  }

  compute(): number[][] {
    const { classes } = this;
    return Array.from({ length: classes }, (_, row) =>
      Array.from(this.#counts.subarray(row * classes, (row + 1) * classes)),
    );
  }

  reset(): void {
    this.#counts.fill(0);
  }
}
