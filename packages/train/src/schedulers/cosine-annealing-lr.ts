import { ArgumentError } from "@tenon/numerics";
import { type Schedulable, Scheduler } from "./scheduler.ts";

export interface CosineAnnealingLROptions {
  /** Steps from the base rate down to `etaMin`. */
  readonly tMax: number;
  /** The lowest rate. Default 0. */
  readonly etaMin?: number;
}

/**
 * `lr = etaMin + (baseLr - etaMin) * (1 + cos(pi * epoch / tMax)) / 2`. After `tMax` it rises again, as PyTorch's does.
 * Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts" (ICLR 2017).
 */
export class CosineAnnealingLR extends Scheduler {
  readonly tMax: number;
  readonly etaMin: number;

  constructor(optimizer: Schedulable, { tMax, etaMin = 0 }: CosineAnnealingLROptions) {
    super(optimizer);
    if (!(tMax > 0)) {
      throw new ArgumentError({ op: "CosineAnnealingLR", rule: "tMax must be above 0", received: `${tMax}` });
    }
    this.tMax = tMax;
    this.etaMin = etaMin;
  }

  override lrAt(epoch: number, baseLr: number): number {
    return this.etaMin + ((baseLr - this.etaMin) * (1 + Math.cos((Math.PI * epoch) / this.tMax))) / 2;
  }
}
