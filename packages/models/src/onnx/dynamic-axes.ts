import { ArgumentError, fromTypedArray, sizeOfShape, type Tensor, type TypedArray } from "@tenon/numerics";
import type { DimensionSource } from "./dynamic.ts";
import type { Sizes } from "./relation.ts";

/**
 * A size that may vary: its name in the file, and optionally at least two other sizes at which the model can run, where those that are tried
 * otherwise will not do. Tried are half and three quarters of the example's size if it is a multiple of 4 from 8 on, else two and three times as many.
 */
export type DynamicAxis = string | { readonly name: string; readonly sizes: readonly number[] };

/** Axes that may vary, by the name of the input or output and the axis: `{ input: { 0: "batch" } }`. */
export type DynamicAxes = { readonly [name: string]: { readonly [axis: number]: DynamicAxis } };

interface Place extends DimensionSource {
  readonly index: number;
}

/** The dynamic dimensions of a model's inputs. */
export class DynamicDimensions {
  readonly #examples: readonly Tensor[];
  readonly #places = new Map<string, Place[]>();
  readonly #tries = new Map<string, readonly number[]>();

  constructor(examples: readonly Tensor[], inputNames: readonly string[], axes: DynamicAxes) {
    this.#examples = examples;
    for (const [index, input] of inputNames.entries()) {
      for (const [axis, wanted] of Object.entries(axes[input] ?? {})) this.#add(index, input, Number(axis), wanted);
    }
  }

  /** Where the size of each can be read. */
  get sources(): Map<string, DimensionSource> {
    return new Map([...this.#places].map(([name, [first]]) => [name, first!]));
  }

  /** The sizes to trace at: the example's, then each dimension changed alone, then all together. At least two. */
  get sizes(): Sizes[] {
    const base = new Map(
      [...this.#places].map(([name, [first]]) => [name, this.#examples[first!.index]!.shape[first!.axis]!]),
    );
    // Twice without dynamic dimensions too: random numbers would be frozen in the file, and show in the difference.
    if (base.size === 0) return [base, base];
    const alone = [...base.keys()].map((name) => new Map([...base, [name, this.#tries.get(name)![0]!]]));
    const together = new Map([...base.keys()].map((name) => [name, this.#tries.get(name)!.at(-1)!]));
    return [base, ...alone, together];
  }

  /** The example inputs at other sizes: their elements repeated or cut, so that indices stay valid. */
  inputs(sizes: Sizes): Tensor[] {
    return this.#examples.map((example, index) => {
      const shape = [...example.shape];
      for (const [name, places] of this.#places) {
        for (const place of places) if (place.index === index) shape[place.axis] = sizes.get(name)!;
      }
      if (shape.join() === example.shape.join()) return example;
      return fromTypedArray(repeated(example.data(), example.shape, shape), shape, example.dtype);
    });
  }

  #add(index: number, input: string, given: number, wanted: DynamicAxis): void {
    const { shape } = this.#examples[index]!;
    const axis = given < 0 ? given + shape.length : given;
    const name = typeof wanted === "string" ? wanted : wanted.name;
    const size = shape[axis];
    if (size === undefined || size === 0 || !/^[A-Za-z_]\w*$/.test(name)) {
      throw new ArgumentError({
        op: "exportOnnx",
        rule: "a dynamic axis needs a dimension of size 1 or more in the example, and a name of letters, digits and underscores",
        received: `axis ${given} of input ${input} [${shape}], named ${JSON.stringify(name)}`,
      });
    }
    const places = this.#places.get(name) ?? [];
    const [first] = places;
    if (first !== undefined && this.#examples[first.index]!.shape[first.axis] !== size) {
      throw new ArgumentError({
        op: "exportOnnx",
        rule: `dimensions of one name must have one size in the example inputs`,
        received: `${name} is ${this.#examples[first.index]!.shape[first.axis]} in ${first.input} and ${size} in ${input}`,
      });
    }
    places.push({ index, input, axis });
    this.#places.set(name, places);
    if (typeof wanted === "object") this.#tries.set(name, checkedTries(name, size, wanted.sizes));
    else if (!this.#tries.has(name)) this.#tries.set(name, triesFor(size));
  }
}

function triesFor(size: number): readonly number[] {
  // Smaller sizes are cheaper and inside of tables such as position embeddings; multiples keep what must divide.
  return size >= 8 && size % 4 === 0 ? [size / 2, (size / 4) * 3] : [size * 2, size * 3];
}

function checkedTries(name: string, size: number, tries: readonly number[]): readonly number[] {
  const different = new Set(tries.filter((n) => Number.isInteger(n) && n > 0 && n !== size));
  if (different.size >= 2) return [...different];
  throw new ArgumentError({
    op: "exportOnnx",
    rule: `dynamic axis ${name} needs two sizes other than the example's, which is ${size}`,
    received: `[${tries}]`,
  });
}

/** `data` of shape `from` as shape `to`: index i of a dimension is index i modulo its old size. */
function repeated(data: TypedArray, from: readonly number[], to: readonly number[]): TypedArray {
  const out = new (data.constructor as new (n: number) => TypedArray)(sizeOfShape(to));
  const index = new Array<number>(to.length).fill(0);
  for (let i = 0; i < out.length; i++) {
    let at = 0;
    for (let d = 0; d < to.length; d++) at = at * from[d]! + (index[d]! % from[d]!);
    out[i] = data[at]!;
    for (let d = to.length - 1; d >= 0 && ++index[d]! === to[d]; d--) index[d] = 0;
  }
  return out;
}
