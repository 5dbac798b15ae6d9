import type { Tensor } from "@tenon/numerics";
import type { Metric } from "../metrics/metric.ts";

/** Loss and metrics over the batches so far, every batch weighed by its samples. */
export class RunningValues {
  readonly #metrics: Readonly<Record<string, Metric<unknown>>>;
  #lossSum = 0;
  samples = 0;

  constructor(metrics: Readonly<Record<string, Metric<unknown>>>) {
    this.#metrics = metrics;
    for (const metric of Object.values(metrics)) metric.reset();
  }

  update(loss: number, output: Tensor, target: Tensor, samples: number): void {
    this.#lossSum += loss * samples;
    this.samples += samples;
    for (const metric of Object.values(this.#metrics)) metric.update(output, target);
  }

  /** Mean loss and every metric whose value is one number, names prefixed. */
  logs(prefix = ""): Record<string, number> {
    const logs: Record<string, number> = { [`${prefix}loss`]: this.#lossSum / this.samples };
    for (const [name, metric] of Object.entries(this.#metrics)) {
      const value = metric.compute();
      if (typeof value === "number") logs[prefix + name] = value;
    }
    return logs;
  }
}
