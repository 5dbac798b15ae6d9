import { ArgumentError, type DType, groupNorm, ones, Parameter, type Tensor, zeros } from "@tenon/numerics";
import { ones_, zeros_ } from "../init.ts";
import { Module } from "../module.ts";

export interface GroupNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Learns a scale and a shift per channel. Default true. */
  readonly affine?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * Normalises over groups of channels, each sample by itself. `y = (x − mean) / √(var + eps) · weight + bias`
 * Shapes: x `[batch, channels, *]` → the same; weight and bias `[channels]`.
 * Source: Wu, He, "Group normalization" (2018).
 */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    const { eps = 1e-5, affine = true, dtype = "float32" } = options;
    if (!(numGroups >= 1) || numChannels % numGroups !== 0) {
      throw new ArgumentError({
        op: "GroupNorm",
        rule: "groups must divide the channels",
        received: `${numGroups} groups, ${numChannels} channels`,
      });
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([numChannels], { dtype })) : null;
    this.bias = affine ? new Parameter(zeros([numChannels], { dtype })) : null;
  }

  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  protected override describe(): string {
    return `${this.numGroups}, ${this.numChannels}, eps: ${this.eps}`;
  }
}
