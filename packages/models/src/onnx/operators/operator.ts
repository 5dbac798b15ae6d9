import type { DType, TypedArray } from "@tenon/numerics";

/** What is known of a value before anything runs. */
export interface ValueType {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** The elements, for small integer constants and what follows from them: shapes, axes, bounds. */
  readonly ints?: readonly number[] | undefined;
}

/** An attribute with its type, as it is stored. */
export type TypedAttribute =
  | { readonly type: "float" | "int"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "floats" | "ints"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "tensor"; readonly value: TensorValue };

/** A tensor that a file holds; `data` is null where it lies in another file. */
export interface TensorValue {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray | null;
}

export type Attributes = ReadonlyMap<string, TypedAttribute>;

export interface NodeFacts {
  readonly inputs: readonly (ValueType | null)[];
  readonly attributes: Attributes;
  /** Number of outputs that the node has. */
  readonly outputs: number;
}

/** Shapes of the outputs; a dtype beside it where no type variable gives one; `ints` where the elements follow from the inputs'. */
export type Inferred = {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly ints?: readonly number[] | undefined;
};

/** One operator of the standard, as far as Tenon writes it. */
export interface Operator {
  /** First operator set that has it in this form. */
  readonly since: number;
  /** Types of the inputs: a variable of `types` or a dtype; "?" marks an optional one, "+" one or more to the end. */
  readonly inputs: readonly string[];
  /** The same for the outputs. "attribute" leaves the dtype to `infer`. */
  readonly outputs: readonly string[];
  readonly types: Readonly<Record<string, readonly DType[]>>;
  readonly attributes: Readonly<Record<string, TypedAttribute["type"]>>;
  readonly infer: (node: NodeFacts) => Inferred | readonly Inferred[];
  /** The form of older operator sets. */
  readonly before?: Operator;
  /** In an older form: inputs of the newer one that are attributes here. */
  readonly inputsAsAttributes?: Readonly<Record<number, string>>;
}

/** A node that the standard does not allow; whoever looks at it says where it is. */
export class InvalidNode extends Error {}

/** A node whose output's shape follows from values that only running gives. */
export class UnknownShape extends InvalidNode {}

export const floats: readonly DType[] = ["float16", "bfloat16", "float32", "float64"];
export const integers: readonly DType[] = ["int8", "uint8", "int16", "int32", "int64"];
export const numbers: readonly DType[] = [...integers, ...floats];
export const all: readonly DType[] = ["bool", ...numbers];
export const indices: readonly DType[] = ["int32", "int64"];

type Options = Partial<Omit<Operator, "infer">>;

/** An operator with the usual defaults: opset 7 (the first with broadcasting), no attributes, one output of the first input's type. */
export function operator(inputs: readonly string[], infer: Operator["infer"], options: Options = {}): Operator {
  return { since: 7, inputs, outputs: ["T"], types: { T: all }, attributes: {}, infer, ...options };
}

export function intAttribute(attributes: Attributes, name: string, otherwise: number): number {
  return (attributes.get(name)?.value as number | undefined) ?? otherwise;
}

export function intsAttribute(attributes: Attributes, name: string): readonly number[] | undefined {
  return attributes.get(name)?.value as readonly number[] | undefined;
}

export function stringAttribute(attributes: Attributes, name: string, otherwise: string): string {
  return (attributes.get(name)?.value as string | undefined) ?? otherwise;
}

export const first = ({ inputs }: NodeFacts): ValueType => inputs[0]!;

export const sameShape = (node: NodeFacts): Inferred => ({ shape: first(node).shape });

/** All outputs have the first input's shape. */
export const sameShapes = (node: NodeFacts): Inferred[] =>
  Array.from({ length: node.outputs }, () => ({ shape: first(node).shape }));

export function axisOf(axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new InvalidNode(`axis ${axis} is outside a tensor of rank ${rank}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** The elements of an integer input that must be constant. */
export function constantInts(node: NodeFacts, index: number, what: string): readonly number[] {
  const { ints } = node.inputs[index]!;
  if (ints === undefined) throw new UnknownShape(`${what} cannot be found from constants and shapes`);
  return ints;
}

export function broadcast(node: NodeFacts): Inferred {
  return { shape: broadcastShapes(node.inputs.filter((x) => x !== null).map((x) => x.shape)) };
}

export function broadcastShapes(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    let size = 1;
    for (const shape of shapes) {
      const s = shape[i - rank + shape.length] ?? 1;
      if (s === 1 || s === size) continue;
      if (size !== 1) throw new InvalidNode(`shapes ${shapes.map((x) => `[${x}]`).join(" and ")} do not broadcast`);
      size = s;
    }
    return size;
  });
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
