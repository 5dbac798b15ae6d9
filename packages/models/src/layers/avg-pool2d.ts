import { avgPool2d, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";
import { formatSizes, type Sizes, spread } from "./sizes.ts";

export interface AvgPool2dOptions {
  /** Zeros added on both sides; at most half the window. Default 0. */
  readonly padding?: Sizes;
  /** Lets the last window reach past the end. Default false. */
  readonly ceilMode?: boolean;
  /** Whether padding counts in the divisor. Default true. */
  readonly countIncludePad?: boolean;
  /** Divides by this number instead of the window's size. */
  readonly divisorOverride?: number;
}

/**
 * The mean of each window.
 * Shapes: x `[batch, channels, h, w]` (or without batch) → `[batch, channels, h', w']`,
 * h' = ⌊(h + 2·padding − kernel) / stride⌋ + 1 (⌈ ⌉ with `ceilMode`).
 */
export class AvgPool2d extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly options: Omit<AvgPool2dOptions, "padding">;

  /** @param stride Steps between windows. Default: the window's size. */
  constructor(kernelSize: Sizes, stride: Sizes = kernelSize, { padding = 0, ...options }: AvgPool2dOptions = {}) {
    super();
    this.kernelSize = spread("AvgPool2d", "kernelSize", kernelSize, 2, 1);
    this.stride = spread("AvgPool2d", "stride", stride, 2, 1);
    this.padding = spread("AvgPool2d", "padding", padding, 2, 0);
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.stride, { ...this.options, padding: this.padding });
  }

  protected override describe(): string {
    return formatSizes({ kernelSize: this.kernelSize, stride: this.stride, padding: this.padding });
  }
}
