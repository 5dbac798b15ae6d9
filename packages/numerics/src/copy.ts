import { itemSize } from "./dtype.ts";
import { engine } from "./runtime.ts";
import { contiguousStrides } from "./shape.ts";
import { allocate, type Tensor } from "./tensor.ts";

/** Writes the elements of `source` into those of `target`: same shape and dtype, any strides. */
export function copyInto(target: Tensor, source: Tensor): void {
  if (source.size === 0) return;
  const { copyStrided } = engine().kernels;
  copyStrided[itemSize(source.dtype)](source.ptr, target.ptr, source.shape, source.strides, target.strides);
}

/** A row-major copy with its own memory, without history. */
export function contiguousCopy(x: Tensor): Tensor {
  const out = allocate(x.shape, x.dtype);
  if (x.size > 0) {
    const { copyStrided } = engine().kernels;
    copyStrided[itemSize(x.dtype)](x.ptr, out.ptr, x.shape, x.strides, contiguousStrides(x.shape));
  }
  return out;
}
