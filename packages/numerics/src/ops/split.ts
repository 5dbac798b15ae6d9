import { asTensor } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { normalizeDim } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { narrow, select } from "./slice.ts";

function parts(x: Tensor, sizes: readonly number[], dim: number): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const part = narrow(x, dim, start, size);
    start += size;
    return part;
  });
}

function evenly(total: number, size: number): number[] {
  if (total === 0) return [0];
  return Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size));
}

/**
 * `x` in parts along `dim`: of `sizes` elements each (the last may be smaller), or of the sizes listed. Views.
 * @throws ArgumentError unless the listed sizes add up to the dimension.
 */
export function split(x: TensorArg, sizes: number | readonly number[], dim = 0): Tensor[] {
  const t = asTensor(x);
  const d = normalizeDim("split", dim, t.ndim);
  const total = t.shape[d] ?? 1;
  const list = typeof sizes === "number" ? evenly(total, sizes) : sizes;
  const fits = list.reduce((a, b) => a + b, 0) === total && list.every((s) => Number.isSafeInteger(s) && s >= 0);
  if (!fits) {
    throw new ArgumentError({
      op: "split",
      rule: "the sizes do not add up to the dimension",
      received: `${JSON.stringify(sizes)} for size ${total}`,
    });
  }
  return parts(t, list, d);
}

/** `x` in at most `chunks` parts of equal size along `dim` (the last may be smaller). Views. */
export function chunk(x: TensorArg, chunks: number, dim = 0): Tensor[] {
  const t = asTensor(x);
  const d = normalizeDim("chunk", dim, t.ndim);
  if (!Number.isSafeInteger(chunks) || chunks < 1) {
    throw new ArgumentError({ op: "chunk", rule: "chunks must be 1 or more", received: `${chunks}` });
  }
  const total = t.shape[d] ?? 1;
  if (total === 0) return Array.from({ length: chunks }, () => narrow(t, d, 0, 0));
  return parts(t, evenly(total, Math.ceil(total / chunks)), d);
}

/** The slices of `x` along `dim`, without that dimension. Views. */
export function unbind(x: TensorArg, dim = 0): Tensor[] {
  const t = asTensor(x);
  const d = normalizeDim("unbind", dim, t.ndim);
  return Array.from({ length: t.shape[d]! }, (_, i) => select(t, d, i));
}
