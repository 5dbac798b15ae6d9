import { ArgumentError, ShapeError, type Tensor, type TypedArray } from "@tenon/numerics";
import { type DenseArray, describeValue, type Image, isDenseArray, isImage } from "../value.ts";

/** Values that become one tensor when batched. */
export type Leaf = number | bigint | boolean | TypedArray | DenseArray | Image;

/** A batch of samples S as arrays: tuples and records stay, numbers and arrays get a batch dimension, strings become lists. */
export type BatchedArrays<S> = S extends string
  ? string[]
  : S extends Leaf
    ? DenseArray
    : { [K in keyof S]: BatchedArrays<S[K]> };

/** A batch of samples S with tensors. */
export type Batched<S> = S extends string ? string[] : S extends Leaf ? Tensor : { [K in keyof S]: Batched<S[K]> };

/**
 * Puts samples together, part by part. Arrays of one shape are stacked, images become bytes `[N, H, W, C]`; whole numbers become int64,
 * numbers float32 where one of the batch has a fraction, booleans bool. Regression targets that may be whole by chance should therefore be arrays,
 * `Float32Array.of(x)`.
 * @throws ShapeError naming sample, part and both shapes, if shapes differ.
 */
export function collate<S>(samples: readonly S[]): BatchedArrays<S> {
  return collatePart(samples, "the sample") as BatchedArrays<S>;
}

function collatePart(parts: readonly unknown[], name: string): unknown {
  const first = parts[0];
  if (typeof first === "string") return parts;
  if (typeof first === "number" || typeof first === "bigint" || typeof first === "boolean") {
    return scalars(parts as readonly (number | bigint | boolean)[]);
  }
  if (isImage(first) || isDenseArray(first) || ArrayBuffer.isView(first)) {
    return stack(
      parts.map((part) => asArray(part, name)),
      name,
    );
  }
  if (Array.isArray(first)) return first.map((_, i) => collatePart(pick(parts, i), `part ${i} of ${name}`));
  if (first !== null && typeof first === "object") {
    const keys = Object.keys(first);
    return Object.fromEntries(keys.map((key) => [key, collatePart(pick(parts, key), `${key} of ${name}`)]));
  }
  throw notBatchable(name, first);
}

function pick(parts: readonly unknown[], key: number | string): unknown[] {
  return parts.map((part) => (part as Record<number | string, unknown>)?.[key]);
}

function notBatchable(name: string, value: unknown): ArgumentError {
  return new ArgumentError({
    op: "collate",
    rule: `${name} cannot be batched`,
    received: describeValue(value),
    expected: "numbers, strings, typed arrays, dense arrays, images, tuples or records of those",
    hint: "Pass collate to the loader",
  });
}

function scalars(values: readonly (number | bigint | boolean)[]): DenseArray {
  const shape = [values.length];
  if (typeof values[0] === "boolean") return { data: Uint8Array.from(values, Number), shape, dtype: "bool" };
  if (values.every((value) => typeof value === "bigint" || Number.isSafeInteger(value))) {
    return { data: BigInt64Array.from(values, BigInt), shape };
  }
  return { data: Float32Array.from(values, Number), shape };
}

function asArray(value: unknown, name: string): DenseArray {
  if (isImage(value)) return { data: value.data, shape: [value.height, value.width, value.channels] };
  if (isDenseArray(value)) return value;
  if (ArrayBuffer.isView(value)) return { data: value as TypedArray, shape: [(value as TypedArray).length] };
  throw notBatchable(name, value);
}

function stack(arrays: readonly DenseArray[], name: string): DenseArray {
  const { data, shape, dtype } = arrays[0]!;
  const size = data.length;
  const out = new (data.constructor as new (length: number) => TypedArray)(size * arrays.length);
  arrays.forEach((array, i) => {
    const same = array.shape.length === shape.length && array.shape.every((side, k) => side === shape[k]);
    if (!same || array.data.constructor !== data.constructor) {
      throw new ShapeError({
        op: "collate",
        rule: `samples of one batch differ in ${name}`,
        received: `${describeValue(arrays[0])} in sample 0, ${describeValue(array)} in sample ${i} of the batch`,
        hint: "Resize or crop to one size, or pass collate to the loader",
      });
    }
    out.set(array.data as never, i * size);
  });
  const batch = { data: out, shape: [arrays.length, ...shape] };
  return dtype === undefined ? batch : { ...batch, dtype };
}
