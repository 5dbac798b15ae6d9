import { adaptiveAvgPool2d, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/**
 * Means over windows chosen so that the result has a given size: output i covers rows ⌊i·h / h'⌋ to ⌈(i + 1)·h / h'⌉.
 * Shapes: x `[batch, channels, h, w]` (or without batch) → `[batch, channels, h', w']`.
 */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: number | readonly (number | null)[];

  /** @param outputSize One number, or height and width; null keeps the input's. */
  constructor(outputSize: number | readonly (number | null)[]) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }

  protected override describe(): string {
    return `outputSize: ${JSON.stringify(this.outputSize)}`;
  }
}
