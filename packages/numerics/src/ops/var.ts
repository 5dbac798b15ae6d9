import { asTensor } from "../create.ts";
import {
  type ReductionAttrs,
  type ReductionOptions,
  reducedCount,
  reduction,
  reductionAttrs,
  unreduce,
} from "../families/reduction.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { apply } from "../op.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { div } from "./div.ts";
import { eq } from "./eq.ts";
import { mean } from "./mean.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

interface VarAttrs extends ReductionAttrs {
  readonly correction: number;
}

function spread(name: "var" | "std") {
  const root = name === "std" ? 1 : 0;
  return reduction<VarAttrs>({
    name,
    kernel: (k, dtype, l, y, scratch, { correction }, count) => {
      const means = allocate([l.outputs], "float64");
      const divisor = Math.max(0, count - correction);
      k.reduceVar[dtype](l.ptr, y, means.ptr, scratch, l.shape, l.strides, l.kept, l.splits, divisor, root);
    },
    gradient: ({ inputs: [x], outputs: [y], dy, attrs }) => {
      const divisor = Math.max(0, reducedCount(x!.shape, attrs) - attrs.correction);
      const centred = sub(x!, mean(x!, attrs.dims.length === 0 ? undefined : attrs.dims, { keepdim: true }));
      const slope = root === 0 ? mul(dy, 2 / divisor) : where(eq(y!, 0), 0, div(dy, mul(y!, divisor)));
      return [mul(centred, unreduce(slope, x!.shape, attrs))];
    },
    saves: { outputs: "all" },
    onnx: (g, [x], attrs) => {
      const variance = varianceNode(g, x!, attrs, reducedCount(x!.shape, attrs));
      return root === 0 ? variance : g.node("Sqrt", [variance]);
    },
  });
}

function varianceNode(g: OnnxBuilder, x: OnnxValue, { dims, keepdim, correction }: VarAttrs, count: number): OnnxValue {
  const fold = (v: OnnxValue, keepdims: number) => g.node("ReduceSum", [v, g.ints(dims)], { keepdims });
  if (dims.length === 0) return g.node("Mul", [x, g.constant(Number.NaN)]);
  const centred = g.node("Sub", [x, g.node("Div", [fold(x, 1), g.constant(count)])]);
  const squares = fold(g.node("Mul", [centred, centred]), keepdim ? 1 : 0);
  return g.node("Div", [squares, g.constant(Math.max(0, count - correction))]);
}

const varDefinition = /* @__PURE__ */ spread("var");
const stdDefinition = /* @__PURE__ */ spread("std");

export interface VarOptions extends ReductionOptions {
  /** What is taken off the number of elements that the squares are divided by: 1 (default) is the unbiased estimate, 0 the population's. */
  readonly correction?: number;
}

/**
 * The variance over `dim` (one, several, or all by default): `sum((x - mean)^2) / (n - correction)`, in two passes in float64 and rounded
 * once. One element has no unbiased variance: NaN.
 * @throws DTypeError for integers.
 */
export function variance(x: TensorArg, dim?: number | readonly number[], options: VarOptions = {}): Tensor {
  const t = asTensor(x);
  const { correction = 1 } = options;
  return apply(varDefinition, [t], { ...reductionAttrs("var", t, dim, options), correction });
}

/** The standard deviation: the root of `variance`. Its gradient at 0 is 0. */
export function std(x: TensorArg, dim?: number | readonly number[], options: VarOptions = {}): Tensor {
  const t = asTensor(x);
  const { correction = 1 } = options;
  return apply(stdDefinition, [t], { ...reductionAttrs("std", t, dim, options), correction });
}
