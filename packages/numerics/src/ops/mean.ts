import { asTensor } from "../create.ts";
import {
  type ReductionAttrs,
  type ReductionOptions,
  reducedCount,
  reduceNode,
  reduction,
  reductionAttrs,
  unreduce,
} from "../families/reduction.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { div } from "./div.ts";

const definition = reduction<ReductionAttrs>({
  name: "mean",
  kernel: (k, dtype, l, y, scratch, _attrs, count) =>
    k.reduceSum[dtype](l.ptr, y, scratch, l.shape, l.strides, l.kept, l.splits, count),
  gradient: ({ dy, specs, attrs }) => {
    const { shape } = specs[0]!;
    return [unreduce(div(dy, reducedCount(shape, attrs)), shape, attrs)];
  },
  saves: { inputs: "none" },
  onnx: reduceNode("ReduceMean", 18),
});

/**
 * The arithmetic mean over `dim` (one, several, or all by default). float32 accumulates and divides in float64, and is rounded once.
 * The mean of nothing is NaN.
 * @throws DTypeError for integers, whose mean is no integer.
 */
export function mean(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], reductionAttrs("mean", t, dim, options));
}
