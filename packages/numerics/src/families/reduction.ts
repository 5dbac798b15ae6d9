import type { DType } from "../dtype.ts";
import { isFloatingPoint } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering, OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import type { Gradient, NonDifferentiable, OneOutput, TensorSpec, Unsupported } from "../op.ts";
import { contiguous } from "../ops/contiguous.ts";
import { expand } from "../ops/expand.ts";
import { reshape } from "../ops/reshape.ts";
import { to } from "../ops/to.ts";
import { engine } from "../runtime.ts";
import { normalizeDims, type Shape } from "../shape.ts";
import { allocate, type Tensor } from "../tensor.ts";

export interface ReductionOptions {
  /** Keeps reduced dimensions with size 1. Default false. */
  readonly keepdim?: boolean;
}

export interface ReductionAttrs {
  /** The reduced dimensions, from 0. */
  readonly dims: readonly number[];
  readonly keepdim: boolean;
}

/** `dim` and `keepdim` as every reduction takes them; no `dim` means all. */
export function reductionAttrs(
  op: string,
  x: Tensor,
  dim: number | readonly number[] | undefined,
  options: ReductionOptions,
): ReductionAttrs {
  return { dims: normalizeDims(op, dim, x.ndim), keepdim: options.keepdim ?? false };
}

/** The result's shape: reduced dimensions gone, or 1 with `keepdim`. */
export function reducedShape(shape: Shape, { dims, keepdim }: ReductionAttrs): number[] {
  if (keepdim) return shape.map((size, i) => (dims.includes(i) ? 1 : size));
  return shape.filter((_, i) => !dims.includes(i));
}

/** A reduction's result (or the gradient of one) stretched over the input's shape again. */
export function unreduce(y: Tensor, shape: Shape, { dims }: ReductionAttrs): Tensor {
  const kept = reducedShape(shape, { dims, keepdim: true });
  return expand(reshape(y, kept), shape);
}

/** How many elements fold into one result. */
export function reducedCount(shape: Shape, { dims }: ReductionAttrs): number {
  return dims.reduce((n, d) => n * shape[d]!, 1);
}

/** What the reduction kernels take: dimensions as they lie in memory, kept ones first, and how to share the work. */
export interface ReductionLayout {
  readonly ptr: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly kept: number;
  readonly splits: number;
  /** Number of results. */
  readonly outputs: number;
  /** Bytes of scratch that the kernels need. */
  readonly scratch: number;
}

interface Axes {
  readonly shape: number[];
  readonly strides: number[];
}

// One dimension less wherever two neighbours in the list can be walked as one.
function coalesce(x: Tensor, dims: readonly number[]): Axes {
  const shape: number[] = [];
  const strides: number[] = [];
  for (const d of dims) {
    const size = x.shape[d]!;
    if (size === 1) continue;
    const last = shape.length - 1;
    if (last >= 0 && strides[last] === size * x.strides[d]!) {
      shape[last]! *= size;
      strides[last] = x.strides[d]!;
    } else {
      shape.push(size);
      strides.push(x.strides[d]!);
    }
  }
  return { shape, strides };
}

const SPLIT_ELEMENTS = 131072;
const MAX_SPLITS = 64;
const COLUMNS = 256;

/** Lays out the reduction of `x` over `dims` for the kernels; copies `x` only if neither innermost dimension is contiguous. */
export function reductionLayout(x: Tensor, dims: readonly number[]): ReductionLayout {
  const order = Array.from({ length: x.ndim }, (_, i) => i);
  const kept = coalesce(
    x,
    order.filter((d) => !dims.includes(d)),
  );
  const reduced = coalesce(
    x,
    [...dims].sort((a, b) => x.strides[b]! - x.strides[a]!),
  );
  const rows = reduced.strides.at(-1) === 1;
  const columns = !rows && kept.strides.at(-1) === 1;
  const single = reduced.shape.length === 0 && kept.shape.length === 0;
  if (!rows && !columns && !single && !x.isContiguous()) return reductionLayout(contiguous(x), dims);
  const outputs = kept.shape.reduce((n, s) => n * s, 1);
  const count = reduced.shape.reduce((n, s) => n * s, 1);
  const width = columns ? Math.min(kept.shape.at(-1)!, COLUMNS) : 1;
  const tasks = outputs / width;
  const splits = tasks >= 8 ? 1 : Math.max(1, Math.min(MAX_SPLITS, Math.ceil((count * width) / SPLIT_ELEMENTS)));
  return {
    ptr: x.ptr,
    shape: [...kept.shape, ...reduced.shape],
    strides: [...kept.strides, ...reduced.strides],
    kept: kept.shape.length,
    splits,
    outputs,
    scratch: 8 * outputs * (splits > 1 ? splits + 1 : 1),
  };
}

/** A call of a reduction kernel: `y` is the result's pointer, `scratch` as many bytes as the layout asks for. */
export type ReductionKernel<A> = (
  k: Kernels,
  dtype: "float32" | "float64",
  layout: ReductionLayout,
  y: number,
  scratch: number,
  attrs: A,
  count: number,
) => void;

/** Operations of `reduce_int64`. */
export const INT64 = { sum: 0, product: 1, maximum: 2, minimum: 3 } as const;

export interface ReductionDefinition<A extends ReductionAttrs> {
  readonly name: string;
  /** Computes float32 and float64. */
  readonly kernel: ReductionKernel<A>;
  /** What integers and bools do (through int64); without it they are refused. */
  readonly integer?: keyof typeof INT64;
  /** Dtype of the result. Default: the input's; int64 for integers with "sum" and "product". */
  readonly dtype?: (dtype: DType) => DType;
  readonly gradient: Gradient<A> | NonDifferentiable;
  readonly saves?: NonNullable<OneOutput<A>["saves"]>;
  readonly onnx: Lowering<A> | Unsupported;
  /** Checks that need the shape: an empty maximum, for example. */
  readonly check?: (x: TensorSpec, attrs: A) => void;
}

/** The dtypes that accumulate beyond themselves. */
function sumDType(dtype: DType): DType {
  return isFloatingPoint(dtype) ? dtype : "int64";
}

/** An operation that folds dimensions into one value each. */
export function reduction<A extends ReductionAttrs>(def: ReductionDefinition<A>): OneOutput<A> {
  const { name, integer } = def;
  const widens = integer === "sum" || integer === "product";
  const result = def.dtype ?? ((dtype: DType) => (widens ? sumDType(dtype) : dtype));
  return {
    name,
    shape: ([x], attrs) => {
      if (!isFloatingPoint(x!.dtype) && integer === undefined && def.dtype === undefined) {
        throw new DTypeError({
          op: name,
          rule: "takes floating elements",
          received: x!.dtype,
          hint: "Convert first: x.to('float32')",
        });
      }
      def.check?.(x!, attrs);
      return { shape: reducedShape(x!.shape, attrs), dtype: result(x!.dtype) };
    },
    forward: (k, [x], attrs, spec) => reduceForward(def, k, x!, attrs, spec),
    gradient: def.gradient,
    saves: def.saves ?? {},
    onnx: def.onnx,
  };
}

function reduceForward<A extends ReductionAttrs>(
  def: ReductionDefinition<A>,
  k: Kernels,
  x: Tensor,
  attrs: A,
  spec: TensorSpec,
): Tensor {
  const whole = !isFloatingPoint(x.dtype) && def.integer !== undefined;
  const compute = whole ? "int64" : x.dtype === "float64" ? "float64" : "float32";
  const source = to(x, compute);
  const layout = reductionLayout(source, attrs.dims);
  const y = allocate(spec.shape, compute === "int64" || spec.dtype === "int64" ? "int64" : compute);
  const scratch = engine().scratch(layout.scratch);
  if (layout.outputs > 0) {
    if (compute === "int64") runInt64(k, layout, y.ptr, scratch, INT64[def.integer!]);
    else def.kernel(k, compute, layout, y.ptr, scratch, attrs, reducedCount(x.shape, attrs));
  }
  return to(y, spec.dtype);
}

function runInt64(k: Kernels, l: ReductionLayout, y: number, scratch: number, op: number): void {
  k.reduceInt64(l.ptr, y, scratch, l.shape, l.strides, l.kept, l.splits, op);
}

/** A reduction as the standard's operator `opType`: axes are an input from version `since` on, an attribute before. */
export function reduceNode(
  opType: string,
  since: number,
): (g: OnnxBuilder, inputs: readonly OnnxValue[], attrs: ReductionAttrs) => OnnxValue {
  return (g, [x], { dims, keepdim }) => {
    const keepdims = keepdim ? 1 : 0;
    // No axes would mean all of them.
    if (dims.length === 0 && x!.shape.length > 0) return g.node("Identity", [x!]);
    if (g.opset >= since) return g.node(opType, [x!, g.ints(dims)], { keepdims });
    return g.node(opType, [x!], { axes: dims.length === 0 ? undefined : dims, keepdims });
  };
}
