import { ArgumentError, conv1d, conv2d, conv3d, type DType, Parameter, type Tensor, zeros } from "@tenon/numerics";
import { calculateFans, type InitOptions, kaimingUniform_, uniform_ } from "../init.ts";
import { Module } from "../module.ts";
import { type Sizes, spread } from "./sizes.ts";

export interface ConvOptions extends InitOptions {
  /** Steps between windows. Default 1. */
  readonly stride?: Sizes;
  /** Zeros added on both sides; "same" keeps the size (stride 1 only), "valid" is 0. Default 0. */
  readonly padding?: Sizes | "same" | "valid";
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Sizes;
  /** Splits channels into groups that do not see each other; `inChannels` makes it depthwise. Default 1. */
  readonly groups?: number;
  /** Adds a learned bias per output channel. Default true. */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * What the convolutions of 1, 2 and 3 dimensions share. `y[o] = b[o] + Σ_i W[o, i] ⋆ x[i]`, where ⋆ is cross-correlation.
 *
 * Shapes: x `[batch, in, *size]` (or without batch) → `[batch, out, *size']`,
 * size' = ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1; weight `[out, in / groups, *kernel]`, bias `[out]`.
 * Both start even in ±1/√(in / groups · kernel elements).
 */
abstract class Conv extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly groups: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(ndim: number, inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, dtype = "float32" } = options;
    const op = this.constructor.name;
    if (!(groups >= 1) || inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ArgumentError({
        op,
        rule: "groups must divide both numbers of channels",
        received: `groups ${groups}, ${inChannels} and ${outChannels} channels`,
      });
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = spread(op, "kernelSize", kernelSize, ndim, 1);
    this.stride = spread(op, "stride", stride, ndim, 1);
    this.padding = typeof padding === "string" ? padding : spread(op, "padding", padding, ndim, 0);
    this.dilation = spread(op, "dilation", dilation, ndim, 1);
    this.groups = groups;
    this.weight = new Parameter(zeros([outChannels, inChannels / groups, ...this.kernelSize], { dtype }));
    this.bias = bias ? new Parameter(zeros([outChannels], { dtype })) : null;
    this.resetParameters(options);
  }

  resetParameters(options: InitOptions = {}): void {
    kaimingUniform_(this.weight, { ...options, a: Math.sqrt(5) });
    const bound = 1 / Math.sqrt(calculateFans(this.weight).fanIn);
    if (this.bias !== null) uniform_(this.bias, -bound, bound, options);
  }

  protected override describe(): string {
    const list = (sizes: readonly number[] | string) => (typeof sizes === "string" ? sizes : `[${sizes.join(", ")}]`);
    const parts = [
      `${this.inChannels}, ${this.outChannels}, kernelSize: ${list(this.kernelSize)}, stride: ${list(this.stride)}`,
    ];
    if (typeof this.padding === "string" || this.padding.some((p) => p !== 0))
      parts.push(`padding: ${list(this.padding)}`);
    if (this.dilation.some((d) => d !== 1)) parts.push(`dilation: ${list(this.dilation)}`);
    if (this.groups !== 1) parts.push(`groups: ${this.groups}`);
    if (this.bias === null) parts.push("bias: false");
    return parts.join(", ");
  }
}

/** Convolution over one dimension: x `[batch, in, length]`. See `Conv2d` for formula and options. */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return conv1d(x, this.weight, this.bias, this);
  }
}

/**
 * Convolution over height and width. `y[o] = b[o] + Σ_i W[o, i] ⋆ x[i]`, where ⋆ is cross-correlation.
 *
 * Shapes: x `[batch, in, h, w]` (or without batch) → `[batch, out, h', w']`,
 * h' = ⌊(h + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1; weight `[out, in / groups, kh, kw]`, bias `[out]`.
 * Both start even in ±1/√(in / groups · kh · kw).
 * @example new Conv2d(3, 6, 5)(zeros([4, 3, 32, 32])).shape // [4, 6, 28, 28]
 */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this);
  }
}

/** Convolution over depth, height and width: x `[batch, in, d, h, w]`. See `Conv2d` for formula and options. */
export class Conv3d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return conv3d(x, this.weight, this.bias, this);
  }
}
