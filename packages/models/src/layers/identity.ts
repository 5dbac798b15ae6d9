import type { Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/** Returns its input: stands where some variant of a network has no layer. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
