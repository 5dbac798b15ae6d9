import { gelu, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

export interface GELUOptions {
  /** "tanh" for the approximation by a hyperbolic tangent, which older networks were trained with. Default "none". */
  readonly approximate?: "none" | "tanh";
}

/** `x · Φ(x)`, element by element, where Φ is the distribution function of the normal distribution. Any shape. */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor({ approximate = "none" }: GELUOptions = {}) {
    super();
    this.approximate = approximate;
  }

  forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }

  protected override describe(): string {
    return `approximate: ${this.approximate}`;
  }
}
