import { asIndexTensor } from "../create.ts";
import { isInteger } from "../dtype.ts";
import { DTypeError, IndexOutOfRangeError } from "../errors.ts";
import { contiguous } from "../ops/contiguous.ts";
import { to } from "../ops/to.ts";
import { engine } from "../runtime.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

/** An argument that holds positions: plain numbers become int64. @throws DTypeError for anything but integers. */
export function indexArgument(op: string, index: TensorArg): Tensor {
  const t = asIndexTensor(index);
  if (isInteger(t.dtype)) return t;
  throw new DTypeError({ op, rule: "indices must be integers", received: t.dtype, hint: "Convert them: .to('int64')" });
}

/** The indices as row-major int64. @throws IndexOutOfRangeError for one outside [0, size). */
export function checkedIndices(op: string, index: Tensor, size: number): Tensor {
  const indices = contiguous(to(index, "int64"));
  const bad = engine().kernels.indexCheck(indices.ptr, indices.size, size);
  if (bad < 0) return indices;
  const value = (engine().heap.view("int64", indices.ptr, indices.size) as BigInt64Array)[bad];
  throw new IndexOutOfRangeError({
    op,
    rule: "index out of range",
    received: `${value} at position ${bad}`,
    expected: size === 0 ? "no index: the dimension is empty" : `0 to ${size - 1}`,
  });
}
