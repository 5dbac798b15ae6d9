import { type DType, fromTypedArray, Tensor } from "@tenon/numerics";

/** A tensor as the data writes it. */
export interface TensorJson {
  readonly dtype: "float64" | "int64" | "bool";
  readonly shape: readonly number[];
  readonly data: readonly (number | boolean | string)[];
}

/** One line of cases.jsonl; the format's README explains the fields. */
export interface OpCase {
  readonly op: string;
  readonly variant: string;
  readonly sample: number;
  readonly inputs: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly unknown[];
  readonly cotangents: readonly (TensorJson | null)[];
  readonly grads: readonly (TensorJson | null)[];
  readonly post?: "abs";
  readonly mutated?: Readonly<Record<string, TensorJson>>;
  readonly tag?: "special";
}

export function caseName({ op, variant, sample }: OpCase): string {
  return variant === "" ? `${op}/${sample}` : `${op}/${variant}/${sample}`;
}

export function isTensorJson(value: unknown): value is TensorJson {
  return typeof value === "object" && value !== null && "dtype" in value && "shape" in value && "data" in value;
}

/** The elements as float64; integers beyond 2^53 come as text and lose nothing that the comparison needs. */
export function numbersOfJson({ data }: TensorJson): Float64Array {
  return Float64Array.from(data, Number);
}

function tensorOf(json: TensorJson, dtype: DType = json.dtype): Tensor {
  const { shape, data } = json;
  if (dtype === "int64") return fromTypedArray(BigInt64Array.from(data, BigInt as (v: unknown) => bigint), shape);
  if (dtype === "bool") return fromTypedArray(Uint8Array.from(data, Number), shape, "bool");
  return fromTypedArray(numbersOfJson(json), shape, "float64");
}

/** Arguments made from JSON, with their tensors in the order of the data's `grads`. */
export interface Decoded {
  readonly inputs: unknown[];
  readonly kwargs: Record<string, unknown>;
  readonly tensors: Tensor[];
}

function allTensors(value: unknown, into: TensorJson[]): TensorJson[] {
  if (isTensorJson(value)) into.push(value);
  else if (Array.isArray(value)) for (const item of value) allTensors(item, into);
  return into;
}

/**
 * Makes the arguments. The recording's default dtype was float64: where all inputs are integers or booleans and the result is float64, the
 * inputs are cast first.
 */
export function decode(c: OpCase): Decoded {
  const given = allTensors([...c.inputs, ...Object.values(c.kwargs)], []);
  const first = allTensors(c.outputs, [])[0];
  const cast = first?.dtype === "float64" && given.every(({ dtype }) => dtype !== "float64");
  const tensors: Tensor[] = [];
  const make = (value: unknown): unknown => {
    if (isTensorJson(value)) {
      const t = tensorOf(value, cast ? "float64" : value.dtype);
      tensors.push(t);
      return t;
    }
    if (Array.isArray(value)) return value.map(make);
    if (typeof value === "object" && value !== null && "float" in value) return Number(value.float);
    return value;
  };
  const inputs = c.inputs.map(make);
  const kwargs = Object.fromEntries(Object.entries(c.kwargs).map(([key, value]) => [key, make(value)]));
  return { inputs, kwargs, tensors };
}

/** Results in the shape of the data's outputs: a list; fields of an object in their order. */
export function asOutputs(result: unknown): unknown[] {
  if (Array.isArray(result)) return result;
  if (typeof result === "object" && result !== null && !(result instanceof Tensor)) return Object.values(result);
  return [result];
}

/** Tensors depth first. */
export function flatTensors(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  return Array.isArray(value) ? value.flatMap(flatTensors) : [];
}
