import { ArgumentError } from "@tenon/numerics";
import type { Callback, Logs } from "../trainer/callback.ts";

export interface MonitorOptions {
  /** Which logged value to watch: `val/loss`, `val/accuracy`, `loss` ... */
  readonly monitor: string;
  /** Whether less or more is better. Default: "max" for names with "accuracy", else "min". */
  readonly mode?: "min" | "max";
  /** Changes below this do not count. Default 0. */
  readonly minDelta?: number;
}

/** Remembers the best value of a log. */
export class Monitor {
  readonly name: string;
  best: number;
  readonly #sign: number;
  readonly #minDelta: number;

  constructor({ monitor, mode = monitor.includes("accuracy") ? "max" : "min", minDelta = 0 }: MonitorOptions) {
    this.name = monitor;
    this.#sign = mode === "max" ? 1 : -1;
    this.#minDelta = minDelta;
    this.best = -this.#sign * Number.POSITIVE_INFINITY;
  }

  /** Whether the logs hold a new best. NaN never is. */
  improves(op: string, logs: Logs): boolean {
    const value = logs[this.name];
    if (value === undefined) {
      throw new ArgumentError({
        op,
        rule: "the monitored value is not logged",
        received: this.name,
        expected: `one of ${Object.keys(logs).join(", ")}`,
        hint: this.name.startsWith("val/") ? "Pass { validation } to fit()" : "Add a metric of that name",
      });
    }
    if (!(this.#sign * (value - this.best) > this.#minDelta)) return false;
    this.best = value;
    return true;
  }
}

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement before the training stops. Default 3. */
  readonly patience?: number;
}

/** Stops the training once the monitored value has not improved for `patience` epochs. */
export function earlyStopping(options: EarlyStoppingOptions): Callback {
  const monitor = new Monitor(options);
  const { patience = 3 } = options;
  let waited = 0;
  return {
    epochEnd(trainer, logs) {
      waited = monitor.improves("earlyStopping", logs) ? 0 : waited + 1;
      if (waited >= patience) trainer.stop(`${monitor.name} has not improved for ${waited} epochs`);
    },
    stateDict: () => ({ best: monitor.best, waited }),
    loadStateDict(state) {
      monitor.best = state.best as number;
      waited = state.waited as number;
    },
  };
}
