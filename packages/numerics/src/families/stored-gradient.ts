import { contiguous } from "../ops/contiguous.ts";
import { to } from "../ops/to.ts";
import { engine } from "../runtime.ts";
import { type Tensor, viewOf } from "../tensor.ts";
import { around } from "./along-dim.ts";

/**
 * The gradient that a loss's forward pass wrote beside the loss, times `dy`: one number, or with reduction "none" one for each row along `dim`. It is the saved
 * memory itself, given away at the first backward pass, so that no copy is made. A second pass (retainGraph) gets null and computes again.
 */
export function takeStored(
  stored: Tensor,
  dy: Tensor,
  rows?: { readonly reduction: string; readonly dim: number },
): Tensor | null {
  if (stored.disposed) return null;
  const own = viewOf(stored, stored.shape, stored.strides, stored.offset);
  stored.dispose();
  if (own.size === 0) return own;
  const { kernels } = engine();
  const dtype = own.dtype as "float32";
  if (rows?.reduction !== "none") {
    kernels.scaleInPlace[dtype](own.ptr, contiguous(to(dy, dtype)).ptr, own.size);
    return own;
  }
  kernels.scaleRowsInPlace[dtype](own.ptr, contiguous(to(dy, "float64")).ptr, ...around(own.shape, rows.dim));
  return own;
}
