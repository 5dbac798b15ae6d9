import { Module } from "@tenon/models";
import { ones, Parameter, type Tensor } from "@tenon/numerics";

/** Multiplies each of the last dimension's features by a learned factor: `[..., features]` to the same shape. */
export class Scale extends Module {
  readonly factor: Parameter;

  constructor(features: number) {
    super();
    this.factor = new Parameter(ones([features]));
  }

  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}
