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
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { mul } from "./mul.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";

const definition = reduction<ReductionAttrs>({
  name: "nansum",
  kernel: (k, dtype, l, y, scratch) =>
    k.reduceNansum[dtype](l.ptr, y, scratch, l.shape, l.strides, l.kept, l.splits, 1),
  integer: "sum",
  gradient: ({ inputs: [x], dy, attrs }) => [mul(unreduce(dy, x!.shape, attrs), to(eq(x!, x!), dy.dtype))],
  onnx: (g, [x], attrs) => {
    const clean = g.node("Where", [g.node("IsNaN", [x!]), g.constant(0), x!]);
    return reduceNode("ReduceSum", 13)(g, [clean], attrs);
  },
});

/** The sum over `dim` of the elements that are not NaN; see `sum`. */
export function nansum(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], reductionAttrs("nansum", t, dim, options));
}

/** The mean over `dim` of the elements that are not NaN; NaN where there are none. */
export function nanmean(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return div(nansum(t, dim, options), to(sum(eq(t, t), dim, options), t.dtype));
}
