/** What a scheduler needs of an optimizer: groups with a learning rate. */
export interface Schedulable {
  readonly groups: readonly { readonly options: { lr: number } }[];
}

export interface SchedulerState {
  readonly lastEpoch: number;
  readonly baseLrs: readonly number[];
}

/**
 * The base of schedulers whose learning rate is a function of the number of steps: a subclass writes `lrAt`. Since nothing
 * accumulates, a run that is resumed, or whose `lastEpoch` is set, continues exactly.
 */
export abstract class Scheduler {
  readonly optimizer: Schedulable;
  /** Calls of `step` so far. */
  lastEpoch = 0;
  #baseLrs: readonly number[];

  constructor(optimizer: Schedulable) {
    this.optimizer = optimizer;
    this.#baseLrs = optimizer.groups.map(({ options }) => options.lr);
  }

  /** The learning rate after `epoch` steps for a group that began with `baseLr`. */
  abstract lrAt(epoch: number, baseLr: number): number;

  /** Moves on by one and sets the optimizer's learning rates. Call it after `optimizer.step()`. */
  step(): void {
    this.lastEpoch++;
    this.apply();
  }

  /** Sets the learning rates for `lastEpoch`. Subclasses whose first rate is not the base rate call it once. */
  protected apply(): void {
    this.optimizer.groups.forEach(({ options }, i) => {
      options.lr = this.lrAt(this.lastEpoch, this.#baseLrs[i]!);
    });
  }

  /** The learning rates in force, one a group. */
  getLastLr(): number[] {
    return this.optimizer.groups.map(({ options }) => options.lr);
  }

  stateDict(): SchedulerState {
    return { lastEpoch: this.lastEpoch, baseLrs: [...this.#baseLrs] };
  }

  loadStateDict({ lastEpoch, baseLrs }: SchedulerState): void {
    this.lastEpoch = lastEpoch;
    this.#baseLrs = [...baseLrs];
    this.apply();
  }
}
