import { conv1d, conv2d, conv3d, type Tensor } from "@tenon/numerics";
import { ConvBase, type ConvBaseOptions } from "./conv-base.ts";
import { type Sizes, spread } from "./sizes.ts";

export interface ConvOptions extends ConvBaseOptions {
  /** Zeros added on both sides; "same" keeps the size (stride 1 only), "valid" is 0. Default 0. */
  readonly padding?: Sizes | "same" | "valid";
}

/** What the convolutions of 1, 2 and 3 dimensions share. See `Conv2d`. */
abstract class Conv extends ConvBase {
  readonly padding: readonly number[] | "same" | "valid";

  constructor(ndim: number, channels: readonly [number, number, Sizes], options: ConvOptions) {
    super(ndim, false, channels, options);
    const { padding = 0 } = options;
    this.padding = typeof padding === "string" ? padding : spread(this.constructor.name, "padding", padding, ndim, 0);
  }

  protected override describePadding(): { readonly [name: string]: readonly number[] } {
    return typeof this.padding === "string" ? {} : { padding: this.padding };
  }

  protected override describe(): string {
    return super.describe() + (this.padding === "same" ? ", padding: same" : "");
  }
}

/** Convolution over one dimension: x `[batch, in, length]`. See `Conv2d` for formula and options. */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(1, [inChannels, outChannels, kernelSize], options);
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
    super(2, [inChannels, outChannels, kernelSize], options);
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this);
  }
}

/** Convolution over depth, height and width: x `[batch, in, d, h, w]`. See `Conv2d` for formula and options. */
export class Conv3d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(3, [inChannels, outChannels, kernelSize], options);
  }

  forward(x: Tensor): Tensor {
    return conv3d(x, this.weight, this.bias, this);
  }
}
