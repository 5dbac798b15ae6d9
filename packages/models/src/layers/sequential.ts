import type { Tensor } from "@tenon/numerics";
import { Module } from "../module.ts";

/** A module from tensor to tensor: what `Sequential` chains. */
export type Layer = Module & ((x: Tensor) => Tensor);

/**
 * Applies layers one after the other. Their keys in the state dict are their positions: `0.weight`, `2.weight` ...
 * @example new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2))(x)
 */
export class Sequential extends Module {
  #layers: readonly Layer[];

  constructor(...layers: Layer[]) {
    super();
    this.#layers = layers;
  }

  override get length(): number {
    return this.#layers.length;
  }

  /** The layer at a position; negative ones count from the end. */
  at(index: number): Layer | undefined {
    return this.#layers.at(index);
  }

  [Symbol.iterator](): Iterator<Layer> {
    return this.#layers[Symbol.iterator]();
  }

  forward(x: Tensor): Tensor {
    return this.#layers.reduce((value, layer) => layer(value), x);
  }

  protected override *members(): Generator<[string, unknown]> {
    for (const [i, layer] of this.#layers.entries()) yield [String(i), layer];
  }
}
