import { sigmoid, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/** `1 / (1 + exp(−x))`, element by element. Any shape. For losses on its result use the `WithLogits` form instead. */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}
