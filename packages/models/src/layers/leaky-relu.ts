import { leakyRelu, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

export interface LeakyReLUOptions {
  /** Slope below 0. Default 0.01. */
  readonly negativeSlope?: number;
}

/** `max(x, 0) + negativeSlope · min(x, 0)`, element by element. Any shape. */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor({ negativeSlope = 0.01 }: LeakyReLUOptions = {}) {
    super();
    this.negativeSlope = negativeSlope;
  }

  forward(x: Tensor): Tensor {
    return leakyRelu(x, { negativeSlope: this.negativeSlope });
  }

  protected override describe(): string {
    return `negativeSlope: ${this.negativeSlope}`;
  }
}
