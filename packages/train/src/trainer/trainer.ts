import { ArgumentError, breathe, noGrad, type Tensor, tidy } from "@tenon/numerics";
import type { Metric } from "../metrics/metric.ts";
import { clipGradNorm_, clipGradValue_ } from "../optimizers/clip-grad.ts";
import type { Callback, Logs } from "./callback.ts";
import { RunningValues } from "./running-values.ts";

/** Inputs and targets of some samples. */
export type Batch = readonly [inputs: Tensor, targets: Tensor];

/** What the trainer needs of a loader: batches, and their number where it is known. `DataLoader` has more, for exact continuation. */
export interface BatchSource extends AsyncIterable<Batch> {
  readonly length?: number;
  epoch?: number;
  stateDict?(): unknown;
  loadStateDict?(state: never): void;
}

/** What the trainer needs of a model; every `Module` has it. */
export interface TrainableModel {
  (input: Tensor): Tensor;
  train(): unknown;
  eval(): unknown;
  readonly training: boolean;
  parameters(): Iterable<Tensor>;
  stateDict(): ReadonlyMap<string, Tensor>;
  loadStateDict(state: ReadonlyMap<string, Tensor>): unknown;
}

export interface StepScheduler {
  step(): void;
  stateDict(): unknown;
  loadStateDict(state: never): void;
}

export interface TrainerOptions {
  readonly model: TrainableModel;
  /** Mean loss of a batch. */
  readonly loss: (output: Tensor, target: Tensor) => Tensor;
  readonly optimizer: TrainerOptimizer;
  readonly scheduler?: StepScheduler;
  /** When `scheduler.step()` is called. Default "step", after every optimizer step. */
  readonly schedulerInterval?: "step" | "epoch";
  readonly metrics?: Readonly<Record<string, Metric<unknown>>>;
  readonly callbacks?: readonly Callback[];
  /** Limits gradients before each step, by their common 2-norm or by value. */
  readonly clip?: { readonly norm: number } | { readonly value: number };
  /** Batches whose gradients make one optimizer step, each weighed by its samples. Default 1. */
  readonly accumulate?: number;
}

/** What the trainer and checkpoints use of an optimizer. */
export interface TrainerOptimizer {
  readonly groups: readonly { readonly options: { lr: number } }[];
  step(): void;
  zeroGrad(): void;
  stateDict(): unknown;
  loadStateDict(state: never): void;
}

export interface FitOptions {
  /** Passes over the data, counted from the start of training: a resumed run goes on to the same number. */
  readonly epochs: number;
  /** Data to evaluate on after every epoch; its values are logged as `val/loss` and so on. */
  readonly validation?: BatchSource;
  /** Ends the training after the current step when aborted. */
  readonly signal?: AbortSignal;
}

export interface EpochRecord {
  readonly epoch: number;
  readonly seconds: number;
  readonly logs: Logs;
}

/**
 * The training loop: batches through the model, loss, gradients, optimizer, scheduler, metrics and callbacks.
 *
 * Each step runs in a `tidy` scope, so memory stays flat. What is here is the loop of the tutorial; everything optional is a
 * callback.
 */
export class Trainer {
  readonly model: TrainableModel;
  readonly optimizer: TrainerOptimizer;
  readonly scheduler: StepScheduler | undefined;
  readonly metrics: Readonly<Record<string, Metric<unknown>>>;
  readonly callbacks: readonly Callback[];
  /** Completed epochs. */
  epoch = 0;
  /** Optimizer steps since the start. */
  step = 0;
  /** Batches taken in the current epoch. */
  batch = 0;
  /** Samples seen in the current epoch. */
  samples = 0;
  /** Loss of every optimizer step, in order. */
  readonly losses: number[] = [];
  readonly history: EpochRecord[] = [];
  /** What `fit` is running with; undefined outside. */
  running: { readonly source: BatchSource; readonly options: FitOptions } | undefined;
  readonly #options: TrainerOptions;
  #stopped: string | undefined;

  constructor(options: TrainerOptions) {
    this.#options = options;
    this.model = options.model;
    this.optimizer = options.optimizer;
    this.scheduler = options.scheduler;
    this.metrics = options.metrics ?? {};
    this.callbacks = options.callbacks ?? [];
    const accumulate = options.accumulate ?? 1;
    if (!Number.isInteger(accumulate) || accumulate < 1) {
      throw new ArgumentError({
        op: "Trainer",
        rule: "accumulate must be a whole number of 1 or more",
        received: `${accumulate}`,
      });
    }
  }

  /** Ends the training after the current step. */
  stop(reason = "stopped"): void {
    this.#stopped = reason;
  }

  /** Why the training ended early, if it did. */
  get stopped(): string | undefined {
    return this.#stopped;
  }

  /** Trains until `epochs` passes are complete, `stop()` is called or the signal aborts. Returns the record of the epochs. */
  async fit(source: BatchSource, options: FitOptions): Promise<readonly EpochRecord[]> {
    if (!Number.isInteger(options.epochs) || options.epochs < 0) {
      throw new ArgumentError({
        op: "Trainer.fit",
        rule: "epochs must be a whole number of 0 or more",
        received: `${options.epochs}`,
      });
    }
    this.running = { source, options };
    this.#stopped = undefined;
    try {
      await this.#call("fitStart");
      while (this.epoch < options.epochs && this.#stopped === undefined) await this.#epoch(source, options);
      await this.#call("fitEnd");
    } catch (error) {
      for (const callback of this.callbacks) await callback.fitError?.(this, error);
      throw error;
    } finally {
      this.running = undefined;
    }
    return this.history;
  }

  async #call(hook: "fitStart" | "epochStart" | "fitEnd"): Promise<void> {
    for (const callback of this.callbacks) await callback[hook]?.(this);
  }

  async #epoch(source: BatchSource, { validation, signal }: FitOptions): Promise<void> {
    const started = performance.now();
    if (this.batch === 0 && source.epoch !== undefined) source.epoch = this.epoch;
    const values = new RunningValues(this.metrics);
    this.model.train();
    await this.#call("epochStart");
    let group: Batch[] = [];
    for await (const batch of source) {
      this.batch++;
      group.push(batch);
      if (group.length < (this.#options.accumulate ?? 1) && this.batch !== source.length) continue;
      await this.#step(group, values);
      group = [];
      if (signal?.aborted) this.stop("aborted");
      if (this.#stopped !== undefined) return;
    }
    if (group.length > 0) await this.#step(group, values);
    if (this.#options.schedulerInterval === "epoch") this.scheduler?.step();
    this.epoch++;
    this.batch = 0;
    const logs = { ...values.logs(), ...(validation === undefined ? {} : await this.#evaluate(validation, "val/")) };
    this.samples = 0;
    this.history.push({ epoch: this.epoch, seconds: (performance.now() - started) / 1000, logs });
    for (const callback of this.callbacks) await callback.epochEnd?.(this, logs);
  }

  async #step(group: readonly Batch[], values: RunningValues): Promise<void> {
    const samples = group.reduce((n, [inputs]) => n + (inputs.shape[0] ?? 1), 0);
    let loss = 0;
    this.optimizer.zeroGrad();
    for (const [inputs, targets] of group) {
      const share = (inputs.shape[0] ?? 1) / samples;
      loss += share * this.#forwardBackward(inputs, targets, share, values);
      inputs.dispose();
      targets.dispose();
    }
    const { clip } = this.#options;
    if (clip !== undefined) {
      if ("norm" in clip) clipGradNorm_(this.model.parameters(), clip.norm);
      else clipGradValue_(this.model.parameters(), clip.value);
    }
    tidy(() => this.optimizer.step());
    if (this.#options.schedulerInterval !== "epoch") this.scheduler?.step();
    this.step++;
    this.samples += samples;
    this.losses.push(loss);
    if (this.callbacks.some((callback) => callback.stepEnd !== undefined)) {
      const logs = { ...values.logs(), lr: this.optimizer.groups[0]!.options.lr };
      for (const callback of this.callbacks) await callback.stepEnd?.(this, logs);
    }
  }

  #forwardBackward(inputs: Tensor, targets: Tensor, share: number, values: RunningValues): number {
    return tidy(() => {
      const output = this.model(inputs);
      const loss = this.#options.loss(output, targets);
      (share === 1 ? loss : loss.mul(share)).backward();
      const value = loss.item() as number;
      noGrad(() => values.update(value, output, targets, inputs.shape[0] ?? 1));
      return value;
    });
  }

  async #evaluate(source: BatchSource, prefix: string): Promise<Record<string, number>> {
    const values = new RunningValues(this.metrics);
    await this.#inEvalMode(async () => {
      for await (const [inputs, targets] of source) {
        noGrad(() =>
          tidy(() => {
            const output = this.model(inputs);
            const loss = this.#options.loss(output, targets).item() as number;
            values.update(loss, output, targets, inputs.shape[0] ?? 1);
          }),
        );
        inputs.dispose();
        targets.dispose();
      }
    });
    return values.logs(prefix);
  }

  async #inEvalMode<R>(body: () => Promise<R>): Promise<R> {
    const { training } = this.model;
    this.model.eval();
    try {
      return await body();
    } finally {
      if (training) this.model.train();
    }
  }

  /** Mean loss and metrics over the data, in evaluation mode and without recording. */
  async evaluate(source: BatchSource): Promise<Logs> {
    return this.#evaluate(source, "");
  }

  /** The model's outputs for every batch, in evaluation mode. The caller owns the tensors. */
  async predict(source: AsyncIterable<Tensor | readonly [Tensor, ...unknown[]]>): Promise<Tensor[]> {
    const outputs: Tensor[] = [];
    await this.#inEvalMode(async () => {
      for await (const batch of source) {
        const inputs = Array.isArray(batch) ? (batch[0] as Tensor) : (batch as Tensor);
        outputs.push(noGrad(() => tidy(() => this.model(inputs))));
        await breathe();
      }
    });
    return outputs;
  }
}
