import {
  Callable,
  type Generator,
  type HasParameters,
  Parameter,
  rand,
  type Tensor,
  type TensorArg,
  zeros,
} from "@tenon/numerics";
import { type ClassSampler, logUniformSampler } from "./class-samples.ts";
import type { SampledLossOptions } from "./sampled-logits.ts";
import { nceLoss, sampledSoftmaxLoss } from "./sampled-losses.ts";

export interface SampledLossSettings extends Omit<SampledLossOptions, "samples" | "linearBias"> {
  /** How many classes are drawn for each batch. Default 64, or all that there are. */
  readonly numSampled?: number;
  /** Draws them. Default `logUniformSampler`, for classes ordered from frequent to rare. */
  readonly sampler?: ClassSampler;
  /** Whether the product has a learned bias. Default true. */
  readonly bias?: boolean;
  /** Draws the first weights, and classes for the default sampler. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * A sampled loss that owns its matrix and draws a sample for each call. `weight` `[numClasses, inFeatures]` is drawn uniformly from ±1/√inFeatures, `bias` starts
 * at 0. To evaluate, use `crossEntropy(linear(x, loss.weight, loss.bias), target)`.
 */
abstract class SampledLoss extends Callable implements HasParameters {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly numSampled: number;
  readonly sampler: ClassSampler;
  readonly options: Omit<SampledLossOptions, "samples" | "linearBias">;

  constructor(inFeatures: number, numClasses: number, settings: SampledLossSettings = {}) {
    super();
    const { numSampled = Math.min(64, numClasses), sampler, bias = true, generator, ...options } = settings;
    const drawing = generator === undefined ? {} : { generator };
    const even = rand([numClasses, inFeatures], drawing);
    this.weight = new Parameter(
      even
        .mul(2)
        .sub(1)
        .div(Math.sqrt(Math.max(1, inFeatures))),
    );
    this.bias = bias ? new Parameter(zeros([numClasses])) : null;
    this.numSampled = numSampled;
    this.sampler = sampler ?? logUniformSampler(numClasses, drawing);
    this.options = options;
  }

  *namedParameters(): Iterable<readonly [string, Tensor]> {
    yield ["weight", this.weight];
    if (this.bias !== null) yield ["bias", this.bias];
  }

  abstract override forward(input: TensorArg, target: TensorArg): Tensor;

  /** The options of one call, with a fresh sample. */
  protected drawn(): SampledLossOptions {
    const samples = this.sampler(this.numSampled);
    return { ...this.options, samples, ...(this.bias !== null && { linearBias: this.bias }) };
  }
}

/** `sampledSoftmaxLoss` with a learned matrix: `new SampledSoftmaxLoss(512, 100000, { numSampled: 256 })(input, target)`. */
export class SampledSoftmaxLoss extends SampledLoss {
  override forward(input: TensorArg, target: TensorArg): Tensor {
    return sampledSoftmaxLoss(input, this.weight, target, this.drawn());
  }
}

/** `nceLoss` with a learned matrix: `new NceLoss(512, 100000, { numSampled: 256 })(input, target)`. */
export class NceLoss extends SampledLoss {
  override forward(input: TensorArg, target: TensorArg): Tensor {
    return nceLoss(input, this.weight, target, this.drawn());
  }
}
