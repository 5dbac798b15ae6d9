import { silu, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/** `x · sigmoid(x)`, element by element (also called swish). Any shape. */
export class SiLU extends Module {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}
