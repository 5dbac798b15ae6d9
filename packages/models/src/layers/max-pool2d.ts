import { maxPool2d, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";
import { formatSizes, type Sizes, spread } from "./sizes.ts";

export interface MaxPool2dOptions {
  /** Minus infinity added on both sides; at most half the window. Default 0. */
  readonly padding?: Sizes;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Sizes;
  /** Lets the last window reach past the end. Default false. */
  readonly ceilMode?: boolean;
}

/**
 * The greatest value of each window.
 * Shapes: x `[batch, channels, h, w]` (or without batch) → `[batch, channels, h', w']`,
 * h' = ⌊(h + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1 (⌈ ⌉ with `ceilMode`).
 */
export class MaxPool2d extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly ceilMode: boolean;

  /** @param stride Steps between windows. Default: the window's size. */
  constructor(kernelSize: Sizes, stride: Sizes = kernelSize, options: MaxPool2dOptions = {}) {
    super();
    const { padding = 0, dilation = 1, ceilMode = false } = options;
    this.kernelSize = spread("MaxPool2d", "kernelSize", kernelSize, 2, 1);
    this.stride = spread("MaxPool2d", "stride", stride, 2, 1);
    this.padding = spread("MaxPool2d", "padding", padding, 2, 0);
    this.dilation = spread("MaxPool2d", "dilation", dilation, 2, 1);
    this.ceilMode = ceilMode;
  }

  forward(x: Tensor): Tensor {
    const { padding, dilation, ceilMode } = this;
    return maxPool2d(x, this.kernelSize, this.stride, { padding, dilation, ceilMode });
  }

  protected override describe(): string {
    return formatSizes({ kernelSize: this.kernelSize, stride: this.stride, padding: this.padding });
  }
}
