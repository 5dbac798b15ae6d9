import { elu, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

export interface ELUOptions {
  /** Limit on the negative side is −alpha. Default 1. */
  readonly alpha?: number;
}

/**
 * `x` above 0, `alpha · (exp(x) − 1)` below, element by element. Any shape.
 * Source: Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning by exponential linear units" (2015).
 */
export class ELU extends Module {
  readonly alpha: number;

  constructor({ alpha = 1 }: ELUOptions = {}) {
    super();
    this.alpha = alpha;
  }

  forward(x: Tensor): Tensor {
    return elu(x, { alpha: this.alpha });
  }

  protected override describe(): string {
    return `alpha: ${this.alpha}`;
  }
}
