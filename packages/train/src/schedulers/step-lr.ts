import { ArgumentError } from "@tenon/numerics";
import { type Schedulable, Scheduler } from "./scheduler.ts";

export interface StepLROptions {
  /** Steps between two reductions. */
  readonly stepSize: number;
  /** Factor of each reduction. Default 0.1. */
  readonly gamma?: number;
}

/** `lr = baseLr * gamma^floor(epoch / stepSize)`: a staircase. */
export class StepLR extends Scheduler {
  readonly stepSize: number;
  readonly gamma: number;

  constructor(optimizer: Schedulable, { stepSize, gamma = 0.1 }: StepLROptions) {
    super(optimizer);
    if (!Number.isInteger(stepSize) || stepSize < 1) {
      throw new ArgumentError({
        op: "StepLR",
        rule: "stepSize must be a whole number of 1 or more",
        received: `${stepSize}`,
      });
    }
    this.stepSize = stepSize;
    this.gamma = gamma;
  }

  override lrAt(epoch: number, baseLr: number): number {
    return baseLr * this.gamma ** Math.floor(epoch / this.stepSize);
  }
}
