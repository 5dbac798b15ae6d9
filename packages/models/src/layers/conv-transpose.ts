import { convTranspose1d, convTranspose2d, convTranspose3d, type Tensor } from "@tenon/numerics";
import { ConvBase, type ConvBaseOptions } from "./conv-base.ts";
import { type Sizes, spread } from "./sizes.ts";

export interface ConvTransposeOptions extends ConvBaseOptions {
  /** Cut off at both ends of each dimension. Default 0. */
  readonly padding?: Sizes;
  /** Added to the size at the end of each dimension; below stride or dilation. Default 0. */
  readonly outputPadding?: Sizes;
}

/** What the transposed convolutions of 1, 2 and 3 dimensions share. See `ConvTranspose2d`. */
abstract class ConvTranspose extends ConvBase {
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];

  constructor(ndim: number, channels: readonly [number, number, Sizes], options: ConvTransposeOptions) {
    super(ndim, true, channels, options);
    const op = this.constructor.name;
    this.padding = spread(op, "padding", options.padding ?? 0, ndim, 0);
    this.outputPadding = spread(op, "outputPadding", options.outputPadding ?? 0, ndim, 0);
  }

  protected override describePadding(): { readonly [name: string]: readonly number[] } {
    return { padding: this.padding };
  }
}

/** Transposed convolution over one dimension: x `[batch, in, length]`. See `ConvTranspose2d`. */
export class ConvTranspose1d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(1, [inChannels, outChannels, kernelSize], options);
  }

  forward(x: Tensor): Tensor {
    return convTranspose1d(x, this.weight, this.bias, this);
  }
}

/**
 * Transposed convolution over height and width: every input element adds a copy of the kernel, scaled by it, to the output.
 *
 * Shapes: x `[batch, in, h, w]` (or without batch) → `[batch, out, h', w']`,
 * h' = (h − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1; weight `[in, out / groups, kh, kw]`, bias `[out]`.
 * Both start even in ±1/√(out / groups · kh · kw).
 */
export class ConvTranspose2d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(2, [inChannels, outChannels, kernelSize], options);
  }

  forward(x: Tensor): Tensor {
    return convTranspose2d(x, this.weight, this.bias, this);
  }
}

/** Transposed convolution over depth, height and width: x `[batch, in, d, h, w]`. See `ConvTranspose2d`. */
export class ConvTranspose3d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(3, [inChannels, outChannels, kernelSize], options);
  }

  forward(x: Tensor): Tensor {
    return convTranspose3d(x, this.weight, this.bias, this);
  }
}
