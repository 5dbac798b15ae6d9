import { type DType, layerNorm, ones, Parameter, type Tensor, zeros } from "@tenon/numerics";
import { ones_, zeros_ } from "../init.ts";
import { Module } from "../module.ts";

export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Learns a scale (and a shift) per element. Default true. */
  readonly elementwiseAffine?: boolean;
  /** Whether a shift is learned beside the scale. Default true. */
  readonly bias?: boolean;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * Normalises over the last dimensions. `y = (x − mean) / √(var + eps) · weight + bias`, with the biased variance.
 * Shapes: x `[*, ...normalizedShape]` → the same; weight and bias `normalizedShape`.
 * Source: Ba, Kiros, Hinton, "Layer normalization" (2016).
 */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype = "float32" } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, { dtype })) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape, { dtype })) : null;
  }

  resetParameters(): void {
    if (this.weight !== null) ones_(this.weight);
    if (this.bias !== null) zeros_(this.bias);
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  protected override describe(): string {
    return `[${this.normalizedShape.join(", ")}], eps: ${this.eps}`;
  }
}
