import { logSoftmax, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/** `log softmax(x)` along a dimension, without the overflow and cancellation of the two steps. Any shape. */
export class LogSoftmax extends Module {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }

  protected override describe(): string {
    return `dim: ${this.dim}`;
  }
}
