/** Element types. float32 is the default; float16 and bfloat16 are for storage and conversion only. */
export type DType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int8"
  | "uint8"
  | "int16"
  | "int32"
  | "int64"
  | "bool";

export interface TypedArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  bfloat16: Uint16Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

export type TypedArrayOf<D extends DType> = TypedArrays[D];
export type TypedArray = TypedArrays[DType];

interface DTypeInfo {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly kind: "bool" | "integer" | "float";
  /** Order of promotion: the result of two types is the later one, except where `promoteTypes` says otherwise. */
  readonly rank: number;
  readonly array: { new (length: number): TypedArray; new (b: ArrayBufferLike, o: number, n: number): TypedArray };
}

const info: { readonly [D in DType]: DTypeInfo } = {
  bool: { bytes: 1, kind: "bool", rank: 0, array: Uint8Array },
  uint8: { bytes: 1, kind: "integer", rank: 1, array: Uint8Array },
  int8: { bytes: 1, kind: "integer", rank: 2, array: Int8Array },
  int16: { bytes: 2, kind: "integer", rank: 3, array: Int16Array },
  int32: { bytes: 4, kind: "integer", rank: 4, array: Int32Array },
  int64: { bytes: 8, kind: "integer", rank: 5, array: BigInt64Array },
  float16: { bytes: 2, kind: "float", rank: 6, array: Uint16Array },
  bfloat16: { bytes: 2, kind: "float", rank: 7, array: Uint16Array },
  float32: { bytes: 4, kind: "float", rank: 8, array: Float32Array },
  float64: { bytes: 8, kind: "float", rank: 9, array: Float64Array },
};

export const dtypes = Object.keys(info) as readonly DType[];

export function isDType(name: unknown): name is DType {
  return typeof name === "string" && Object.hasOwn(info, name);
}

/** Bytes of one element. */
export function itemSize(dtype: DType): 1 | 2 | 4 | 8 {
  return info[dtype].bytes;
}

export function isFloatingPoint(dtype: DType): boolean {
  return info[dtype].kind === "float";
}

export function isInteger(dtype: DType): boolean {
  return info[dtype].kind === "integer";
}

export function isBool(dtype: DType): boolean {
  return dtype === "bool";
}

/** The typed array class that holds elements of `dtype` (float16 and bfloat16 as bit patterns). */
export function typedArrayClass<D extends DType>(
  dtype: D,
): {
  new (length: number): TypedArrayOf<D>;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArrayOf<D>;
  from(values: ArrayLike<unknown>): TypedArrayOf<D>;
} {
  return info[dtype].array as never;
}

/** The element type of a typed array; undefined for the classes that have none (Uint16Array, Uint32Array ...). */
export function dtypeOfTypedArray(array: ArrayBufferView): DType | undefined {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Uint8Array || array instanceof Uint8ClampedArray) return "uint8";
  if (array instanceof Int32Array) return "int32";
  if (array instanceof BigInt64Array) return "int64";
  if (array instanceof Int8Array) return "int8";
  if (array instanceof Int16Array) return "int16";
  return undefined;
}

/**
 * The type that holds values of both, as PyTorch promotes tensors that both have dimensions:
 * float beats integer beats bool, wider beats narrower; uint8 with int8 is int16, float16 with bfloat16 is float32.
 */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a;
  if ((a === "uint8" && b === "int8") || (a === "int8" && b === "uint8")) return "int16";
  if ((a === "float16" && b === "bfloat16") || (a === "bfloat16" && b === "float16")) return "float32";
  return info[a].rank > info[b].rank ? a : b;
}

/**
 * The type of an operation between a tensor and a weak operand (a literal number, or a tensor without dimensions): the
 * weak one counts only if its kind (bool, integer, float) is higher; a literal float then gives float32.
 */
export function promoteWeak(tensor: DType, weak: DType): DType {
  const order = { bool: 0, integer: 1, float: 2 };
  return order[info[weak].kind] > order[info[tensor].kind] ? weak : tensor;
}
