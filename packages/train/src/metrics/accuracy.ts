import { ArgumentError, ShapeError, type Tensor } from "@tenon/numerics";
import { checkClass, checkClasses, classPairs } from "./classes.ts";
import type { Metric } from "./metric.ts";

export interface AccuracyOptions {
  readonly classes: number;
  /** Right if the target is among the `topK` highest scores. Default 1. */
  readonly topK?: number;
  /** "micro": all samples alike. "macro": the mean of the classes' accuracies. Default "micro". */
  readonly average?: "micro" | "macro";
}

/**
 * Share of samples whose class is predicted, from 0 to 1. Output: scores `[N, C, ...]` or classes `[N, ...]`; target: classes `[N, ...]`.
 * @throws IndexOutOfRangeError for a target that is no class.
 */
export class Accuracy implements Metric {
  readonly classes: number;
  readonly topK: number;
  readonly average: "micro" | "macro";
  #correct: Float64Array;
  #total: Float64Array;

  constructor({ classes, topK = 1, average = "micro" }: AccuracyOptions) {
    checkClasses("Accuracy", classes);
    if (!Number.isInteger(topK) || topK < 1 || topK > classes) {
      throw new ArgumentError({
        op: "Accuracy",
        rule: "topK must be a whole number from 1 to the number of classes",
        received: `${topK} of ${classes}`,
      });
    }
    this.classes = classes;
    this.topK = topK;
    this.average = average;
    this.#correct = new Float64Array(classes);
    this.#total = new Float64Array(classes);
  }

  update(output: Tensor, target: Tensor): void {
    if (this.topK > 1) {
      this.#updateTopK(output, target);
      return;
    }
    const { predicted, actual } = classPairs("Accuracy", output, target);
    actual.forEach((c, i) => {
      this.#count(c, predicted[i] === c);
    });
  }

  #count(actual: number, right: boolean): void {
    checkClass("Accuracy", actual, this.classes);
    this.#total[actual]!++;
    if (right) this.#correct[actual]!++;
  }

  #updateTopK(output: Tensor, target: Tensor): void {
    if (output.ndim !== 2 || target.ndim !== 1 || output.shape[0] !== target.shape[0]) {
      throw new ShapeError({
        op: "Accuracy",
        rule: "topK takes scores of two dimensions",
        received: `output [${output.shape.join(", ")}], target [${target.shape.join(", ")}]`,
        expected: "[N, C] and [N]",
      });
    }
    const columns = output.shape[1]!;
    const scores = output.data() as Float32Array;
    Array.from(target.data(), Number).forEach((c, row) => {
      checkClass("Accuracy", c, this.classes);
      const score = scores[row * columns + c]!;
      let ahead = 0;
      for (let j = 0; j < columns; j++) {
        const other = scores[row * columns + j]!;
        // Among equal scores the lower class comes first, as argmax has it.
        if (other > score || (other === score && j < c)) ahead++;
      }
      this.#count(c, ahead < this.topK && !Number.isNaN(score));
    });
  }

  compute(): number {
    if (this.average === "micro") return sum(this.#correct) / sum(this.#total);
    const present = this.perClass().filter((share) => !Number.isNaN(share));
    return present.length === 0 ? Number.NaN : sum(present) / present.length;
  }

  /** Share of right predictions among the samples of each class; NaN for a class without samples. */
  perClass(): number[] {
    return Array.from(this.#correct, (right, c) => right / this.#total[c]!);
  }

  reset(): void {
    this.#correct.fill(0);
    this.#total.fill(0);
  }
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
