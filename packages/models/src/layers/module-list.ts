import { UnsupportedError } from "@tenon/numerics";
import { Module } from "../module.ts";

/**
 * Modules in a list, for a `forward` that loops over them. Keys in the state dict are positions: `blocks.0.weight`. A plain
 * array in a field does the same; this class is for those who want to name the list's type.
 */
export class ModuleList<M extends Module = Module> extends Module {
  #items: M[];

  constructor(items: Iterable<M> = []) {
    super();
    this.#items = [...items];
  }

  override get length(): number {
    return this.#items.length;
  }

  /** The module at a position; negative ones count from the end. */
  at(index: number): M | undefined {
    return this.#items.at(index);
  }

  append(item: M): this {
    this.#items.push(item);
    return this;
  }

  [Symbol.iterator](): Iterator<M> {
    return this.#items[Symbol.iterator]();
  }

  forward(): never {
    throw new UnsupportedError({
      op: "ModuleList",
      rule: "a list of modules cannot be called",
      hint: "Loop over it in the forward of the module that holds it, or use Sequential",
    });
  }

  protected override *members(): Generator<[string, unknown]> {
    for (const [i, item] of this.#items.entries()) yield [String(i), item];
  }
}
