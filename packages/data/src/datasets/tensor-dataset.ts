import { ArgumentError, asTensor, ShapeError, Tensor, type TensorArg, type TypedArray } from "@tenon/numerics";
import type { Spec } from "../spec.ts";
import { type DenseArray, isDenseArray } from "../value.ts";
import { checkIndex } from "./check-index.ts";
import { Dataset } from "./dataset.ts";

/**
 * Rows of tensors: sample i is the tuple of every tensor's row i, as arrays. Values are copied out of the tensors once.
 * Shapes: each `[N, ...]` with the same N.
 * @throws ShapeError if the first sizes differ.
 * @example new TensorDataset(tensor([[1, 2], [3, 4]]), tensor([0n, 1n])).length // 2
 */
export class TensorDataset<const T extends readonly (TensorArg | DenseArray)[]> extends Dataset<{
  readonly [K in keyof T]: DenseArray;
}> {
  readonly length: number;
  readonly #columns: readonly DenseArray[];

  constructor(...tensors: T) {
    super();
    if (tensors.length === 0) throw new ArgumentError({ op: "TensorDataset", rule: "needs at least one tensor" });
    this.#columns = tensors.map(toColumn);
    const lengths = this.#columns.map(({ shape }) => shape[0]);
    this.length = lengths[0] ?? 0;
    if (lengths.some((length) => length === undefined || length !== this.length)) {
      throw new ShapeError({
        op: "TensorDataset",
        rule: "first sizes differ",
        received: this.#columns.map(({ shape }) => `[${shape.join(", ")}]`).join(", "),
      });
    }
  }

  get(index: number): { readonly [K in keyof T]: DenseArray } {
    checkIndex("TensorDataset.get", index, this.length);
    const rows = this.#columns.map(({ data, shape, ...rest }) => {
      const size = data.length / this.length;
      return { ...rest, data: data.subarray(index * size, (index + 1) * size), shape: shape.slice(1) };
    });
    return rows as unknown as { readonly [K in keyof T]: DenseArray };
  }

  spec(): Spec {
    return { name: "TensorDataset", args: this.#columns.map(inSharedMemory) };
  }
}

function toColumn(value: TensorArg | DenseArray): DenseArray {
  if (!(value instanceof Tensor) && isDenseArray(value)) return value;
  const from = asTensor(value as TensorArg);
  return { data: from.data(), shape: from.shape, dtype: from.dtype };
}

function inSharedMemory(column: DenseArray): DenseArray {
  const { data } = column;
  if (data.buffer instanceof SharedArrayBuffer) return column;
  const shared = new (data.constructor as new (b: SharedArrayBuffer) => TypedArray)(
    new SharedArrayBuffer(data.byteLength),
  );
  shared.set(data as never);
  return { ...column, data: shared };
}
