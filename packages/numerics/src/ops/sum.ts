import { asTensor } from "../create.ts";
import {
  type ReductionAttrs,
  type ReductionOptions,
  reduceNode,
  reduction,
  reductionAttrs,
  unreduce,
} from "../families/reduction.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const definition = reduction<ReductionAttrs>({
  name: "sum",
  kernel: (k, dtype, l, y, scratch) => k.reduceSum[dtype](l.ptr, y, scratch, l.shape, l.strides, l.kept, l.splits, 1),
  integer: "sum",
  gradient: ({ dy, specs, attrs }) => [unreduce(dy, specs[0]!.shape, attrs)],
  saves: { inputs: "none" },
  onnx: (g, [x], attrs, [y]) => reduceNode("ReduceSum", 13)(g, [g.cast(x!, y!.dtype)], attrs),
});

/**
 * The sum over `dim` (one, several, or all by default). `[...S] -> S` without the dimensions `dim`.
 *
 * float32 accumulates in float64: the error is at most 1 unit in the last place, or n * 2^-53 * sum of |x| where terms cancel.
 * Integers and bool give int64. The sum of nothing is 0.
 */
export function sum(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], reductionAttrs("sum", t, dim, options));
}
