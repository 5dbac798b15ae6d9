import type { Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/** Returns its input: a placeholder for a layer that some variant of a network leaves out. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x;
  }
}
