import { asTensor } from "../create.ts";
import { checkNotEmpty } from "../families/extreme.ts";
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
import { logicalAnd, logicalOr } from "./logical.ts";
import { mul } from "./mul.ts";
import { ne } from "./ne.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";

const definition = reduction<ReductionAttrs>({
  name: "amax",
  kernel: (k, dtype, l, y, scratch) => k.reduceMax[dtype](l.ptr, y, scratch, l.shape, l.strides, l.kept, l.splits),
  integer: "maximum",
  check: (x, attrs) => checkNotEmpty("amax", x.shape, attrs.dims),
  gradient: ({ inputs: [x], outputs: [y], dy, attrs }) => {
    const found = unreduce(y!, x!.shape, attrs);
    // A NaN found shares its gradient among the NaN.
    const nan = logicalAnd(ne(x!, x!), ne(found, found));
    const ties = to(logicalOr(eq(x!, found), nan), dy.dtype);
    const shares = x!.ndim === 0 ? ties : div(ties, sum(ties, attrs.dims, { keepdim: true }));
    return [mul(shares, unreduce(dy, x!.shape, attrs))];
  },
  saves: { outputs: "all" },
  onnx: reduceNode("ReduceMax", 18),
});

/**
 * The greatest element over `dim` (one, several, or all by default). NaN wins. Equals share the gradient evenly.
 * @throws ShapeError where there is nothing to choose from.
 */
export function amax(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], reductionAttrs("amax", t, dim, options));
}
