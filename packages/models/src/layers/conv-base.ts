import { ArgumentError, type DType, Parameter, zeros } from "@tenon/numerics";
import { calculateFans, type InitOptions, kaimingUniform_, uniform_ } from "../init.ts";
import { Module } from "../module.ts";
import { formatSizes, type Sizes, spread } from "./sizes.ts";

/** What convolutions and transposed ones take alike. */
export interface ConvBaseOptions extends InitOptions {
  /** Steps between windows. Default 1. */
  readonly stride?: Sizes;
  /** Distance between the elements of a window. Default 1. */
  readonly dilation?: Sizes;
  /** Splits channels into groups that do not see each other; `inChannels` makes it depthwise. Default 1. */
  readonly groups?: number;
  /** Adds a learned bias per output channel. Default true. */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/** Channels, kernel and parameters of a convolution of any dimension, in either direction. */
export abstract class ConvBase extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  weight: Parameter;
  bias: Parameter | null;

  /** @param transposed Whether the weight is `[in, out / groups, ...]` instead of `[out, in / groups, ...]`. */
  constructor(
    ndim: number,
    transposed: boolean,
    [inChannels, outChannels, kernelSize]: readonly [number, number, Sizes],
    options: ConvBaseOptions,
  ) {
    super();
    const { stride = 1, dilation = 1, groups = 1, bias = true, dtype = "float32" } = options;
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
    this.dilation = spread(op, "dilation", dilation, ndim, 1);
    this.groups = groups;
    const channels = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
    this.weight = new Parameter(zeros([...channels, ...this.kernelSize], { dtype }));
    this.bias = bias ? new Parameter(zeros([outChannels], { dtype })) : null;
    this.resetParameters(options);
  }

  /** Both even in ±1/√fan, the fan being that of the weight's layout: a transposed one counts outputs, as PyTorch's does. */
  resetParameters(options: InitOptions = {}): void {
    kaimingUniform_(this.weight, { ...options, a: Math.sqrt(5) });
    const bound = 1 / Math.sqrt(calculateFans(this.weight).fanIn);
    if (this.bias !== null) uniform_(this.bias, -bound, bound, options);
  }

  protected abstract describePadding(): { readonly [name: string]: readonly number[] };

  protected override describe(): string {
    const sizes = formatSizes({ kernelSize: this.kernelSize, stride: this.stride, ...this.describePadding() });
    const dilation = this.dilation.some((d) => d !== 1) ? `, dilation: [${this.dilation.join(", ")}]` : "";
    const groups = this.groups === 1 ? "" : `, groups: ${this.groups}`;
    return `${this.inChannels}, ${this.outChannels}, ${sizes}${dilation}${groups}${this.bias === null ? ", bias: false" : ""}`;
  }
}
