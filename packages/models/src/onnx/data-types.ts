import type { DType } from "@tenon/numerics";

/** Tenon's element types by ONNX's number (`TensorProto.data_type`). */
const byNumber: ReadonlyMap<number, DType> = new Map([
  [1, "float32"],
  [2, "uint8"],
  [3, "int8"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
  [10, "float16"],
  [11, "float64"],
  [16, "bfloat16"],
]);

const byDType = new Map([...byNumber].map(([number, dtype]) => [dtype, number]));

/** ONNX's number of an element type. */
export function onnxOfDType(dtype: DType): number {
  return byDType.get(dtype)!;
}

/** The element type of ONNX's number, or undefined where Tenon has none. */
export function dtypeOfOnnx(number: number | undefined): DType | undefined {
  return number === undefined ? undefined : byNumber.get(number);
}
