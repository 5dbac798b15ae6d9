import type { Trainer } from "./trainer.ts";

/** Values by name: `loss`, the metrics, `lr`, and with `val/` before the name those of the validation. */
export type Logs = Readonly<Record<string, number>>;

/**
 * What happens beside the training. Every hook may be asynchronous and is awaited, in the order of the `callbacks` list.
 * `trainer.stop()` ends the training after the current step.
 */
export interface Callback {
  fitStart?(trainer: Trainer): void | Promise<void>;
  epochStart?(trainer: Trainer): void | Promise<void>;
  /** After every optimizer step; `logs` are the running values of the epoch so far. */
  stepEnd?(trainer: Trainer, logs: Logs): void | Promise<void>;
  /** After every epoch and its validation. */
  epochEnd?(trainer: Trainer, logs: Logs): void | Promise<void>;
  fitEnd?(trainer: Trainer): void | Promise<void>;
  /** When `fit` fails; the error is thrown on afterwards. */
  fitError?(trainer: Trainer, error: unknown): void | Promise<void>;
  /** What must survive in a checkpoint for the callback to go on exactly. */
  stateDict?(): Record<string, unknown>;
  loadStateDict?(state: Record<string, unknown>): void;
}
