import { flatten, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/**
 * Joins dimensions `startDim` to `endDim` into one; the first dimension is kept by default.
 * Shapes: `[batch, *]` → `[batch, product of *]`.
 */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(startDim = 1, endDim = -1) {
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }

  protected override describe(): string {
    return `startDim: ${this.startDim}, endDim: ${this.endDim}`;
  }
}
