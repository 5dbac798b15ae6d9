import { isContiguousLayout, itemSize, sizeOfShape, type TypedArray } from "@tenon/numerics";
import type { Fail } from "./byte-source.ts";
import type { StridedTensor } from "./pickle-values.ts";
import { type TensorData, valuesOfBytes } from "./tensor-data.ts";

/** What copies of views may take beyond four times the storages themselves. */
const COPY_ALLOWANCE = 64 * 2 ** 20;

/**
 * Turns the windows of a checkpoint into row-major arrays. Windows that are equal give the same object (tied weights stay
 * tied), contiguous ones are views, others are copied. A stride of 0 can ask for any amount of memory from a small file, so
 * the sum of all results is bounded by what the file really holds.
 */
export function materialize(tensors: readonly StridedTensor[], fail: Fail): Map<StridedTensor, TensorData> {
  const distinct = new Map<string, TensorData>();
  const storages = new Set(tensors.map((tensor) => tensor.storage));
  let allowance = COPY_ALLOWANCE;
  for (const storage of storages) allowance += 4 * storage.length * itemSize(storage.dtype);

  const results = new Map<StridedTensor, TensorData>();
  for (const tensor of tensors) {
    const { storage, offset, shape, strides } = tensor;
    const identity = JSON.stringify([storage.key, offset, shape, strides]);
    let data = distinct.get(identity);
    if (data === undefined) {
      allowance -= sizeOfShape(shape) * itemSize(storage.dtype);
      if (!(allowance >= 0)) {
        throw fail(
          "pickle: tensors far larger than the data they are made from",
          `storage ${JSON.stringify(storage.key)}`,
        );
      }
      data = { dtype: storage.dtype, shape, data: copyWindow(tensor) };
      distinct.set(identity, data);
    }
    results.set(tensor, data);
  }
  return results;
}

function copyWindow({ storage, offset, shape, strides }: StridedTensor): TypedArray {
  const all = valuesOfBytes(storage.dtype, storage.bytes ?? new Uint8Array(0));
  const size = sizeOfShape(shape);
  if (isContiguousLayout(shape, strides)) return all.subarray(offset, offset + size);
  const out = all.slice(0, 0).constructor as never as new (n: number) => TypedArray;
  const copy = new out(size);
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < size; i++) {
    copy[i] = all[at] as never;
    // Counts up like an odometer, moving `at` along.
    for (let d = shape.length - 1; d >= 0; d--) {
      at += strides[d]!;
      if (++index[d]! < shape[d]!) break;
      at -= strides[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return copy;
}
