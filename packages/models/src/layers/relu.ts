import { relu, type Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/** `max(x, 0)`, element by element. Any shape. */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}
