import { type Tensor, tanh } from "@tenon/numerics";
import { Module } from "../module.ts";

/** The hyperbolic tangent, element by element. Any shape. */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}
