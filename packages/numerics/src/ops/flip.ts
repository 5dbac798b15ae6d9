import { asTensor } from "../create.ts";
import { itemSize } from "../dtype.ts";
import { around } from "../families/along-dim.ts";
import type { Kernels } from "../generated/kernels.ts";
import { apply, type OneOutput } from "../op.ts";
import { engine } from "../runtime.ts";
import { normalizeDims } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { cat } from "./cat.ts";
import { contiguous } from "./contiguous.ts";
import { reshape } from "./reshape.ts";
import { narrow } from "./slice.ts";

function reversed(k: Kernels, x: Tensor, dim: number): Tensor {
  const [outer, n, inner] = around(x.shape, dim);
  const y = allocate(x.shape, x.dtype);
  if (x.size === 0) return y;
  const index = allocate([n], "int64");
  const places = engine().heap.view("int64", index.ptr, n) as BigInt64Array;
  for (let i = 0; i < n; i++) places[i] = BigInt(n - 1 - i);
  k.indexSelect[itemSize(x.dtype)](contiguous(x).ptr, index.ptr, y.ptr, outer, n, n, inner);
  return y;
}

const definition: OneOutput<{ readonly dims: readonly number[] }> = {
  name: "flip",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x], { dims }) => dims.reduce((t, dim) => reversed(k, t, dim), x!),
  gradient: ({ dy, attrs }) => [apply(definition, [dy], attrs)],
  saves: { inputs: "none" },
  onnx: (g, [x], { dims }) => {
    if (dims.length === 0) return g.node("Identity", [x!]);
    const ones = dims.map(() => -1);
    const past = dims.map(() => -(2 ** 31));
    return g.node("Slice", [x!, g.ints(ones), g.ints(past), g.ints(dims), g.ints(ones)]);
  },
};

/** The elements in reverse order along `dims` (one or several). A copy. */
export function flip(x: TensorArg, dims: number | readonly number[]): Tensor {
  const t = asTensor(x);
  const list = Array.isArray(dims) && dims.length === 0 ? [] : normalizeDims("flip", dims, t.ndim);
  return apply(definition, [t], { dims: list });
}

/**
 * The elements moved by `shifts` places along `dims`; what leaves at the end comes in at the front. Without `dims` in row-major order.
 */
export function roll(x: TensorArg, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  const t = asTensor(x);
  const by = [shifts].flat() as number[];
  if (dims === undefined || (Array.isArray(dims) && dims.length === 0)) {
    return reshape(
      by.reduce((v, shift) => rolled(v, shift, 0), reshape(t, [-1])),
      t.shape,
    );
  }
  const list = ([dims].flat() as number[]).map((d) => normalizeDims("roll", d, t.ndim)[0] ?? 0);
  return list.reduce((v, dim, i) => (v.ndim === 0 ? v : rolled(v, by[i]!, dim)), t);
}

function rolled(x: Tensor, shift: number, dim: number): Tensor {
  const n = x.shape[dim]!;
  const by = n === 0 ? 0 : ((shift % n) + n) % n;
  return by === 0 ? x : cat([narrow(x, dim, n - by, by), narrow(x, dim, 0, n - by)], dim);
}
