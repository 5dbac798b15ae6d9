import { type DType, itemSize, type TypedArray, typedArrayClass } from "@tenon/numerics";

/** A tensor as a file holds it: row-major values in a typed array (float16 and bfloat16 as bit patterns). Needs no engine. */
export interface TensorData {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/**
 * Bytes as values of a dtype: a view where the alignment allows, else a copy. Files and typed arrays are both
 * little-endian on every platform that JavaScript engines run on today.
 */
export function valuesOfBytes(dtype: DType, bytes: Uint8Array): TypedArray {
  const size = itemSize(dtype);
  // Not slice(): that of Node's Buffer does not copy.
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const length = bytes.byteLength / size;
  if (dtype === "bool") return zerosAndOnes(aligned);
  return new (typedArrayClass(dtype))(aligned.buffer, aligned.byteOffset, length);
}

export function bytesOfValues(data: TypedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Kernels rely on booleans being 0 or 1; a file may hold any byte, and whatever is not 0 is true. */
function zerosAndOnes(bytes: Uint8Array): Uint8Array {
  return bytes.some((byte) => byte > 1) ? bytes.map((byte) => (byte === 0 ? 0 : 1)) : bytes;
}
