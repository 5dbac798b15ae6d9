import { type DType, linear, Parameter, type Tensor, zeros } from "@tenon/numerics";
import { type InitOptions, kaimingUniform_, uniform_ } from "../init.ts";
import { Module } from "../module.ts";

export interface LinearOptions extends InitOptions {
  /** Adds a learned bias. Default true. */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * An affine map of the last dimension. `y = x Wᵀ + b`
 *
 * Shapes: x `[*, in]` → `[*, out]`; weight `[out, in]`, bias `[out]`.
 * Both start even in ±1/√in.
 * @example new Linear(784, 10)(zeros([32, 784])).shape // [32, 10]
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    const { bias = true, dtype = "float32" } = options;
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(zeros([outFeatures, inFeatures], { dtype }));
    this.bias = bias ? new Parameter(zeros([outFeatures], { dtype })) : null;
    this.resetParameters(options);
  }

  resetParameters(options: InitOptions = {}): void {
    kaimingUniform_(this.weight, { ...options, a: Math.sqrt(5) });
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0;
    if (this.bias !== null) uniform_(this.bias, -bound, bound, options);
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias ?? undefined);
  }

  protected override describe(): string {
    return `${this.inFeatures}, ${this.outFeatures}, bias: ${this.bias !== null}`;
  }
}
