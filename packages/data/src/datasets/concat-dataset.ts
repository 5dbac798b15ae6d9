import type { Generator } from "@tenon/numerics";
import { type Spec, toSpec } from "../spec.ts";
import { checkIndex } from "./check-index.ts";
import { Dataset, type SampleSource } from "./dataset.ts";

/** The samples of several data sets, one set after the other. */
export class ConcatDataset<S> extends Dataset<S> {
  readonly length: number;
  readonly #sources: readonly SampleSource<S>[];

  constructor(sources: readonly SampleSource<S>[]) {
    super();
    this.#sources = sources;
    this.length = sources.reduce((sum, { length }) => sum + length, 0);
  }

  get(index: number, random?: Generator): S | Promise<S> {
    checkIndex("ConcatDataset.get", index, this.length);
    let rest = index;
    let source = this.#sources[0]!;
    for (let i = 1; rest >= source.length; i++) {
      rest -= source.length;
      source = this.#sources[i]!;
    }
    return source.get(rest, random);
  }

  spec(): Spec {
    return { name: "ConcatDataset", args: [this.#sources.map((source) => toSpec(source, "ConcatDataset"))] };
  }
}
