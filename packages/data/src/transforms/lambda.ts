import type { Generator } from "@tenon/numerics";
import type { Transform } from "./transform.ts";

/**
 * A function as a transform. It has no spec, so a loader with workers refuses it: write a class with `spec()` for that.
 * @example new Lambda((label: number) => label % 2)
 */
export class Lambda<In, Out> implements Transform<In, Out> {
  readonly #fn: (value: In, random?: Generator) => Out;

  constructor(fn: (value: In, random?: Generator) => Out) {
    this.#fn = fn;
  }

  apply(value: In, random?: Generator): Out {
    return this.#fn(value, random);
  }
}
