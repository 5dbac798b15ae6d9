import type { Generator } from "@tenon/numerics";
import { type Spec, toSpec } from "../spec.ts";
import { checkIndex } from "./check-index.ts";
import { Dataset, type SampleSource } from "./dataset.ts";

/**
 * Chosen samples of a data set, in the given order.
 * @throws IndexOutOfRangeError if the data set has no such sample.
 */
export class Subset<S> extends Dataset<S> {
  readonly length: number;
  readonly #source: SampleSource<S>;
  readonly #indices: Uint32Array;

  constructor(source: SampleSource<S>, indices: ArrayLike<number>) {
    super();
    for (let i = 0; i < indices.length; i++) checkIndex("Subset", indices[i]!, source.length);
    this.#source = source;
    this.#indices = Uint32Array.from(indices);
    this.length = indices.length;
  }

  get(index: number, random?: Generator): S | Promise<S> {
    checkIndex("Subset.get", index, this.length);
    return this.#source.get(this.#indices[index]!, random);
  }

  spec(): Spec {
    return { name: "Subset", args: [toSpec(this.#source, "Subset"), this.#indices] };
  }
}
