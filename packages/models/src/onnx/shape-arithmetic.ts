import type { DType, TypedArray } from "@tenon/numerics";
import { typedArrayClass } from "@tenon/numerics";
import { onnxOfDType } from "./data-types.ts";
import type { DimensionSource } from "./dynamic.ts";
import type { Initializer, OnnxNode } from "./ir.ts";
import type { Attributes, TypedAttribute, ValueType } from "./operators/operator.ts";
import type { Relation } from "./relation.ts";

const none: Attributes = new Map();

/** Writes the nodes that compute shapes while the model runs: Shape of an input, Mul, Add, Concat. All work on int64 vectors. */
export class ShapeArithmetic {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, Initializer>();
  readonly values = new Map<string, ValueType>();
  readonly #sources: ReadonlyMap<string, DimensionSource>;
  readonly #known = new Map<string, string>();

  constructor(sources: ReadonlyMap<string, DimensionSource>) {
    this.#sources = sources;
  }

  /** Computes the whole numbers of a constant, under its name. */
  vector(name: string, relations: readonly Relation[], { shape, dtype }: Initializer): void {
    const scalar = shape.length === 0;
    const cast = dtype !== "int64";
    let value = this.#concat(relations, scalar || cast ? `${name}_sizes` : name);
    if (scalar) {
      const axes = this.#constant([0]);
      value = this.#node("Squeeze", [value, axes], cast ? `${name}_size` : name, { shape: [], dtype: "int64" });
    }
    if (cast) {
      const to = new Map<string, TypedAttribute>([["to", { type: "int", value: onnxOfDType(dtype) }]]);
      this.#node("Cast", [value], name, { shape, dtype }, to);
    }
  }

  /** A tensor of one value whose shape varies, under its name. */
  filled(name: string, value: number | bigint, relations: readonly Relation[], { shape, dtype }: Initializer): void {
    const data = new (typedArrayClass(dtype))(1) as TypedArray;
    (data as unknown as (number | bigint)[])[0] = value;
    const fill = this.#initializer(`${name}_value`, { shape: [], dtype, data });
    const sizes = this.#concat(relations, `${name}_shape`);
    this.#node("Expand", [fill, sizes], name, { shape, dtype });
  }

  #concat(relations: readonly Relation[], name: string): string {
    const parts: string[] = [];
    let fixed: number[] = [];
    const flush = () => {
      if (fixed.length > 0) parts.push(this.#constant(fixed));
      fixed = [];
    };
    for (const relation of relations) {
      if (relation.kind === "sum" && relation.factors.size === 0) {
        fixed.push(relation.constant);
        continue;
      }
      flush();
      parts.push(this.#relation(relation));
    }
    flush();
    const axis = new Map<string, TypedAttribute>([["axis", { type: "int", value: 0 }]]);
    return this.#node("Concat", parts, name, { shape: [relations.length], dtype: "int64" }, axis);
  }

  #relation(relation: Relation): string {
    if (relation.kind === "product") {
      return relation.names
        .map((name) => this.#size(name))
        .reduce((a, b) => this.#binary("Mul", a, b), this.#constant([relation.factor]));
    }
    const terms = [...relation.factors].map(([name, factor]) =>
      factor === 1 ? this.#size(name) : this.#binary("Mul", this.#size(name), this.#constant([factor])),
    );
    const sum = terms.reduce((a, b) => this.#binary("Add", a, b));
    return relation.constant === 0 ? sum : this.#binary("Add", sum, this.#constant([relation.constant]));
  }

  /** The size of a dynamic dimension: a vector of one. */
  #size(name: string): string {
    return this.#once(`/sizes/${name}`, (output) => {
      const { input, axis } = this.#sources.get(name)!;
      const range = new Map<string, TypedAttribute>([
        ["end", { type: "int", value: axis + 1 }],
        ["start", { type: "int", value: axis }],
      ]);
      this.#node("Shape", [input], output, { shape: [1], dtype: "int64" }, range);
    });
  }

  #binary(opType: string, a: string, b: string): string {
    return this.#once(`/sizes/${opType}(${a}, ${b})`, (output) => {
      this.#node(opType, [a, b], output, { shape: [1], dtype: "int64" });
    });
  }

  #constant(values: readonly number[]): string {
    return this.#once(`/sizes/${values.join("_")}`, (name) => {
      this.#initializer(name, { shape: [values.length], dtype: "int64", data: BigInt64Array.from(values, BigInt) });
    });
  }

  #once(name: string, make: (name: string) => void): string {
    if (!this.#known.has(name)) {
      this.#known.set(name, name);
      make(name);
    }
    return name;
  }

  #initializer(name: string, initializer: Initializer): string {
    this.initializers.set(name, initializer);
    this.values.set(name, { shape: initializer.shape, dtype: initializer.dtype });
    return name;
  }

  #node(
    opType: string,
    inputs: readonly string[],
    output: string,
    { shape, dtype }: { readonly shape: readonly number[]; readonly dtype: DType },
    attributes: Attributes = none,
  ): string {
    this.nodes.push({
      name: output,
      opType,
      domain: "",
      inputs,
      outputs: [output],
      attributes,
      origin: "dynamic sizes",
    });
    this.values.set(output, { shape, dtype });
    return output;
  }
}
