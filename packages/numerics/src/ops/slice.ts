import { copyInto } from "../copy.ts";
import { asTensor, zeros } from "../create.ts";
import { ArgumentError, IndexOutOfRangeError } from "../errors.ts";
import { apply, type OneOutput } from "../op.ts";
import { formatShape, normalizeDim, type Shape } from "../shape.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";
import { unsqueeze } from "./squeeze.ts";

interface Range {
  readonly dim: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

function sliced(shape: Shape, { dim, start, end, step }: Range): number[] {
  return shape.map((s, i) => (i === dim ? Math.max(0, Math.ceil((end - start) / step)) : s));
}

function window(x: Tensor, range: Range): Tensor {
  const strides = x.strides.map((s, i) => (i === range.dim ? s * range.step : s));
  const shape = sliced(x.shape, range);
  return viewOf(x, shape, strides, x.offset + (shape[range.dim] === 0 ? 0 : range.start * x.strides[range.dim]!));
}

const definition: OneOutput<Range> = {
  name: "slice",
  shape: ([x], range) => ({ shape: sliced(x!.shape, range), dtype: x!.dtype }),
  forward: (_k, [x], range) => window(x!, range),
  gradient: ({ dy, specs, attrs }) => [apply(sliceGrad, [dy], { ...attrs, shape: specs[0]!.shape })],
  saves: { inputs: "none" },
  onnx: (g, [x], { dim, start, end, step }) =>
    g.node("Slice", [x!, g.ints([start]), g.ints([end]), g.ints([dim]), g.ints([step])]),
};

/** Zeros of `shape` with the input in the place that the slice was cut from. */
const sliceGrad: OneOutput<Range & { readonly shape: Shape }> = {
  name: "sliceGrad",
  shape: ([dy], { shape }) => ({ shape, dtype: dy!.dtype }),
  forward: (_k, [dy], { shape, ...range }) => {
    const out = zeros(shape, { dtype: dy!.dtype });
    copyInto(window(out, range), dy!);
    return out;
  },
  gradient: ({ dy, attrs: { shape: _, ...range } }) => [apply(definition, [dy], range)],
  saves: { inputs: "none" },
  onnx: { unsupported: "it appears in gradients only" },
};

export interface SliceOptions {
  /** First position; negative ones count from the end. Default 0. */
  readonly start?: number;
  /** Position behind the last; negative ones count from the end. Default: the size. */
  readonly end?: number;
  /** Distance between positions, at least 1. Default 1. */
  readonly step?: number;
}

/**
 * Positions `start, start + step, ...` below `end` of dimension `dim`, as Python's `x[start:end:step]`: bounds outside the
 * dimension are cut off. Shares memory.
 * @throws ArgumentError for a step below 1.
 */
export function slice(x: TensorArg, dim: number, options: SliceOptions = {}): Tensor {
  const t = asTensor(x);
  const d = normalizeDim("slice", dim, t.ndim);
  const size = t.shape[d] ?? 1;
  const { step = 1 } = options;
  if (!Number.isInteger(step) || step < 1) {
    throw new ArgumentError({
      op: "slice",
      rule: "the step must be a whole number of 1 or more",
      received: `${step}`,
      hint: "Use flip() for the reverse order",
    });
  }
  const clip = (i: number) => Math.min(size, Math.max(0, i < 0 ? i + size : i));
  const start = clip(options.start ?? 0);
  return apply(definition, [t], { dim: d, start, end: Math.max(start, clip(options.end ?? size)), step });
}

/**
 * `length` positions of dimension `dim` from `start` on. Shares memory.
 * @throws IndexOutOfRangeError if they do not lie inside.
 */
export function narrow(x: TensorArg, dim: number, start: number, length: number): Tensor {
  const t = asTensor(x);
  const d = normalizeDim("narrow", dim, t.ndim);
  const from = start < 0 ? start + t.shape[d]! : start;
  if (from < 0 || length < 0 || from + length > t.shape[d]!) {
    throw new IndexOutOfRangeError({
      op: "narrow",
      rule: "the window leaves the dimension",
      received: `start ${start}, length ${length} in dimension ${dim} of ${formatShape(t.shape)}`,
    });
  }
  return apply(definition, [t], { dim: d, start: from, end: from + length, step: 1 });
}

const selectDefinition: OneOutput<{ readonly dim: number; readonly index: number }> = {
  name: "select",
  shape: ([x], { dim }) => ({ shape: x!.shape.filter((_, i) => i !== dim), dtype: x!.dtype }),
  forward: (_k, [x], { dim, index }, { shape }) =>
    viewOf(
      x!,
      shape,
      x!.strides.filter((_, i) => i !== dim),
      x!.offset + index * x!.strides[dim]!,
    ),
  gradient: ({ dy, specs, attrs: { dim, index } }) => [
    apply(sliceGrad, [unsqueeze(dy, dim)], { dim, start: index, end: index + 1, step: 1, shape: specs[0]!.shape }),
  ],
  saves: { inputs: "none" },
  onnx: (g, [x], { dim, index }) =>
    g.node("Gather", [x!, g.constant(index, { dtype: "int64", shape: [] })], { axis: dim }),
};

/**
 * Position `index` of dimension `dim`, which disappears; negative indices count from the end. Shares memory.
 * @throws IndexOutOfRangeError outside the dimension.
 */
export function select(x: TensorArg, dim: number, index: number): Tensor {
  const t = asTensor(x);
  const d = normalizeDim("select", dim, t.ndim);
  const size = t.shape[d] ?? 0;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new IndexOutOfRangeError({
      op: "select",
      rule: "index out of range",
      received: `${index} in dimension ${dim} of ${formatShape(t.shape)}`,
      expected: `a whole number from ${-size} to ${size - 1}`,
    });
  }
  return apply(selectDefinition, [t], { dim: d, index: index < 0 ? index + size : index });
}
