import { asTensor } from "../create.ts";
import {
  type ReductionAttrs,
  type ReductionOptions,
  reduceNode,
  reduction,
  reductionAttrs,
  unreduce,
} from "../families/reduction.ts";
import { apply, type GradientContext } from "../op.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { abs } from "./abs.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";
import { mul } from "./mul.ts";
import { sign } from "./sign.ts";
import { sum } from "./sum.ts";
import { to } from "./to.ts";
import { where } from "./where.ts";

interface NormAttrs extends ReductionAttrs {
  readonly p: number;
}

const definition = reduction<NormAttrs>({
  name: "norm",
  kernel: (k, dtype, l, y, scratch, { p }) => {
    const power = allocate([Math.max(1, l.outputs)], "float64");
    k.reduceNorm[dtype](l.ptr, y, power.ptr, scratch, l.shape, l.strides, l.kept, l.splits, p);
  },
  gradient: (context) => [mul(unreduce(context.dy, context.specs[0]!.shape, context.attrs), direction(context))],
  saves: { outputs: "all" },
  onnx: (g, [x], attrs) => {
    if (attrs.p === 1) return reduceNode("ReduceL1", 18)(g, [x!], attrs);
    if (attrs.p === 2) return reduceNode("ReduceL2", 18)(g, [x!], attrs);
    const magnitude = g.node("Abs", [x!]);
    if (attrs.p === Number.POSITIVE_INFINITY) return reduceNode("ReduceMax", 18)(g, [magnitude], attrs);
    if (attrs.p === Number.NEGATIVE_INFINITY) return reduceNode("ReduceMin", 18)(g, [magnitude], attrs);
    if (attrs.p === 0) return reduceNode("ReduceSum", 13)(g, [g.node("Sign", [magnitude])], attrs);
    const p = g.constant(attrs.p, { dtype: x!.dtype });
    const powers = reduceNode("ReduceSum", 13)(g, [g.node("Pow", [magnitude, p])], attrs);
    return g.node("Pow", [powers, g.constant(1 / attrs.p, { dtype: x!.dtype })]);
  },
});

/** The derivative of the norm by each element; 0 where the norm is 0. */
function direction({ inputs: [x], outputs: [y], specs, attrs }: GradientContext<NormAttrs>): Tensor {
  const { p } = attrs;
  if (p === 0) return mul(x!, 0);
  if (p === 1) return sign(x!);
  const norm = unreduce(y!, specs[0]!.shape, attrs);
  if (!Number.isFinite(p)) {
    // Elements of the extreme magnitude share the gradient evenly.
    const extreme = to(eq(abs(x!), norm), x!.dtype);
    const count = unreduce(sum(extreme, attrs.dims, { keepdim: attrs.keepdim }), specs[0]!.shape, attrs);
    return div(mul(sign(x!), extreme), count);
  }
  const ratio = div(x!, norm);
  // Below 1 the derivative at an element of 0 is infinite: 0 stands for it.
  const safe = p < 1 ? where(eq(x!, 0), 1, ratio) : ratio;
  const slope = p === 2 ? ratio : mul(sign(x!), exp(mul(log(abs(safe)), p - 1)));
  return where(eq(norm, 0), 0, slope);
}

export interface NormOptions extends ReductionOptions {
  /** Order of the norm: any number, 0 (count of elements that are not 0), Infinity or -Infinity. Default 2. */
  readonly p?: number;
}

/**
 * `(sum |x|^p)^(1/p)` over `dim` (default all). Accumulated in float64 and scaled, so that it neither overflows nor underflows before its
 * result does. The gradient at 0 is 0.
 * @throws DTypeError for integers.
 * @example norm([3, 4]).item() // 5
 */
export function norm(x: TensorArg, dim?: number | readonly number[], options: NormOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], { ...reductionAttrs("norm", t, dim, options), p: options.p ?? 2 });
}
