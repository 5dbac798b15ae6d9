import { softmax, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/**
 * `exp(x_i) / Σ_j exp(x_j)` along a dimension: numbers of 0 to 1 whose sum is 1. Any shape.
 * Not in front of `crossEntropy`, which takes the logits and is exact where this rounds to 0 or 1.
 */
export class Softmax extends Module {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }

  protected override describe(): string {
    return `dim: ${this.dim}`;
  }
}
