import { type DType, full, Parameter, prelu, type Tensor } from "@tenon/numerics";
import { constant_ } from "../init.ts";
import { Module } from "../module.ts";

export interface PReLUOptions {
  /** 1, or the number of channels (dimension 1). Default 1. */
  readonly numParameters?: number;
  /** Slope at the start. Default 0.25. */
  readonly init?: number;
  /** Default float32. */
  readonly dtype?: DType;
}

/**
 * `max(x, 0) + weight · min(x, 0)` with a learned slope, one for all or one per channel. Shapes: x `[batch, channels, *]` → the same.
 * Source: He, Zhang, Ren, Sun, "Delving deep into rectifiers" (2015).
 */
export class PReLU extends Module {
  readonly init: number;
  weight: Parameter;

  constructor({ numParameters = 1, init = 0.25, dtype = "float32" }: PReLUOptions = {}) {
    super();
    this.init = init;
    this.weight = new Parameter(full([numParameters], init, { dtype }));
  }

  resetParameters(): void {
    constant_(this.weight, this.init);
  }

  forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  protected override describe(): string {
    return `numParameters: ${this.weight.size}`;
  }
}
