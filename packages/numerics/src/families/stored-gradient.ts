import { contiguous } from "../ops/contiguous.ts";
import { engine } from "../runtime.ts";
import { type Tensor, viewOf } from "../tensor.ts";

/**
 * The gradient that a loss's forward pass wrote beside the loss, times the scalar `dy`: the saved memory itself, given away at the first
 * backward pass, so that no copy is made. A second pass (retainGraph) gets null and computes again.
 */
export function takeStored(stored: Tensor, dy: Tensor): Tensor | null {
  if (stored.disposed) return null;
  const own = viewOf(stored, stored.shape, stored.strides, stored.offset);
  stored.dispose();
  const factor = contiguous(dy);
  if (own.size > 0) engine().kernels.scaleInPlace[own.dtype as "float32"](own.ptr, factor.ptr, own.size);
  return own;
}
