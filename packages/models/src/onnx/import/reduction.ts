import {
  abs,
  add,
  amax,
  amin,
  argmax,
  argmin,
  cumsum,
  eq,
  log,
  logSoftmax,
  logSumExp,
  mean,
  mul,
  prod,
  reshape,
  sizeOfShape,
  softmax,
  sqrt,
  sub,
  sum,
  type Tensor,
  type TensorArg,
  to,
  topk,
} from "@tenon/numerics";
import { intAttribute } from "../operators/operator.ts";
import { positions, reversed } from "./indexing.ts";
import { axesOf, intsOf, type NodeCall, type Operation } from "./operation.ts";

interface Options {
  readonly keepdim: boolean;
}

type Reduce = (x: TensorArg, dims: readonly number[], options: Options) => Tensor;

/** A reduction over the axes of the node; none means all, unless the node says otherwise. */
const reduction =
  (fn: Reduce): Operation =>
  (call) => {
    const x = call.inputs[0]!;
    const axes = axesOf(call);
    const none = axes === undefined || axes.length === 0;
    if (none && intAttribute(call.attributes, "noop_with_empty_axes", 0) === 1) return x;
    const keepdim = intAttribute(call.attributes, "keepdims", 1) === 1;
    return fn(x, none ? x.shape.map((_, i) => i) : axes, { keepdim });
  };

/** ONNX's extreme of nothing is the least of all extremes. */
const extreme =
  (fn: Reduce, ofNothing: number): Reduce =>
  (x, dims, options) => {
    const t = x as Tensor;
    const empty = dims.some((dim) => t.shape.at(dim) === 0);
    return empty ? add(sum(t, dims, options), ofNothing) : fn(t, dims, options);
  };

const argReduction =
  (fn: (x: TensorArg, dim: number, options: Options) => Tensor): Operation =>
  ({ inputs: [x], attributes }) => {
    const dim = intAttribute(attributes, "axis", 0);
    const keepdim = intAttribute(attributes, "keepdims", 1) === 1;
    if (intAttribute(attributes, "select_last_index", 0) === 0) return fn(x!, dim, { keepdim });
    const size = x!.shape.at(dim)!;
    return sub(size - 1, fn(reversed(x!, dim), dim, { keepdim }));
  };

function cumulative({ inputs: [x, axis], attributes }: NodeCall): Tensor {
  const [dim] = intsOf(axis!);
  const reverse = intAttribute(attributes, "reverse", 0) === 1;
  const source = reverse ? reversed(x!, dim!) : x!;
  const running = to(cumsum(source, dim!), x!.dtype);
  const result = intAttribute(attributes, "exclusive", 0) === 1 ? sub(running, source) : running;
  return reverse ? reversed(result, dim!) : result;
}

/** Before operator set 13 softmax went over all dimensions from the axis on. */
const softmaxOf =
  (fn: (x: TensorArg, dim: number) => Tensor): Operation =>
  ({ inputs: [x], attributes, opset }) => {
    if (opset >= 13) return fn(x!, intAttribute(attributes, "axis", -1));
    const axis = intAttribute(attributes, "axis", 1);
    const rows = sizeOfShape(x!.shape.slice(0, axis));
    return reshape(fn(reshape(x!, [rows, x!.size / rows]), 1), x!.shape);
  };

function hardmax(x: TensorArg, dim: number): Tensor {
  const t = x as Tensor;
  const at = dim < 0 ? dim + t.ndim : dim;
  return to(eq(positions(t.shape[at]!, at, t.ndim), argmax(t, at, { keepdim: true })), t.dtype);
}

function topK({ inputs: [x, k], attributes }: NodeCall): Tensor[] {
  const largest = intAttribute(attributes, "largest", 1) === 1;
  const { values, indices } = topk(x!, intsOf(k!)[0]!, intAttribute(attributes, "axis", -1), { largest });
  return [values, indices];
}

/** Operators over several elements, by ONNX's names. */
export const reductions: Readonly<Record<string, Operation>> = {
  ArgMax: argReduction(argmax),
  ArgMin: argReduction(argmin),
  CumSum: cumulative,
  Hardmax: softmaxOf(hardmax),
  LogSoftmax: softmaxOf(logSoftmax),
  ReduceL1: reduction((x, dims, options) => sum(abs(x), dims, options)),
  ReduceL2: reduction((x, dims, options) => sqrt(sum(mul(x, x), dims, options))),
  ReduceLogSum: reduction((x, dims, options) => log(sum(x, dims, options))),
  ReduceLogSumExp: reduction(logSumExp),
  ReduceMax: reduction(extreme(amax, Number.NEGATIVE_INFINITY)),
  ReduceMean: reduction(mean),
  ReduceMin: reduction(extreme(amin, Number.POSITIVE_INFINITY)),
  ReduceProd: reduction(prod),
  ReduceSum: reduction(sum),
  ReduceSumSquare: reduction((x, dims, options) => sum(mul(x, x), dims, options)),
  Softmax: softmaxOf(softmax),
  TopK: topK,
};
