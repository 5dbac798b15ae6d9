import { tensor } from "../create.ts";
import { type DType, isFloatingPoint, itemSize } from "../dtype.ts";
import { contiguousStrides } from "../shape.ts";
import { allocate, type NestedArray, Tensor, viewOf } from "../tensor.ts";
import type { OpCases, Sample, SampleTensors } from "./cases.ts";

/** A sample made concrete in one dtype: its tensors in order, and the call as a function of them. */
export interface Call {
  readonly tensors: readonly Tensor[];
  run(tensors: readonly Tensor[]): Tensor[];
  /** The same with the composed reference, if there is one. */
  readonly composed: ((tensors: readonly Tensor[]) => Tensor[]) | undefined;
}

function maker(dtype: DType): SampleTensors {
  return {
    dtype,
    tensor: (data, options = {}) => {
      const { dtype: own = dtype, shape } = options;
      return tensor(data, shape === undefined ? { dtype: own } : { dtype: own, shape });
    },
    index: (data) => tensor(data, { dtype: "int64" }),
    bool: (data) => tensor(data, { dtype: "bool" }),
  };
}

function firstLeaf(value: unknown): unknown {
  let level = value;
  while (Array.isArray(level)) level = level[0];
  return level;
}

function convert(value: unknown, dtype: DType): unknown {
  if (value instanceof Tensor) return value;
  if (ArrayBuffer.isView(value)) return tensor(value as Float32Array);
  if (!Array.isArray(value)) return value;
  const leaf = firstLeaf(value);
  if (typeof leaf === "number" || leaf === undefined) return tensor(value as NestedArray, { dtype });
  if (typeof leaf === "boolean" || typeof leaf === "bigint") return tensor(value as NestedArray);
  return value;
}

function isOptions(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Rebuilds arguments with every tensor in them, in order, passed through `replace`. */
function mapTensors(value: unknown, replace: (t: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapTensors(item, replace));
  if (isOptions(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTensors(item, replace)]));
  }
  return value;
}

function asList(result: Tensor | readonly Tensor[]): Tensor[] {
  return Array.isArray(result) ? [...(result as readonly Tensor[])] : [result as Tensor];
}

/** The arguments of a sample or error row, as they are, made in `dtype`. */
export function rawArgs(row: { readonly args: Sample["args"] }, dtype: DType): readonly unknown[] {
  return row.args(maker(dtype));
}

/** Makes a sample's tensors in `dtype` and gives its call as a function of them. */
export function callOf(cases: OpCases, sample: Sample, dtype: DType): Call {
  const plain = sample.plain ?? cases.plain ?? [];
  const args = rawArgs(sample, dtype).map((arg, i) => (plain.includes(i) ? arg : convert(arg, dtype)));
  const tensors: Tensor[] = [];
  mapTensors(args, (t) => {
    tensors.push(t);
    return t;
  });
  const bind = (fn: (...args: never[]) => Tensor | readonly Tensor[]) => (given: readonly Tensor[]) => {
    let at = 0;
    const replaced = mapTensors(args, () => given[at++]!) as readonly unknown[];
    return asList(fn(...(replaced as never[])));
  };
  const composed = sample.composed ?? cases.composed;
  return { tensors, run: bind(cases.run), composed: composed && bind(composed) };
}

/** Positions of the floating tensors: those that take part in gradients. */
export function floatingPositions(tensors: readonly Tensor[]): number[] {
  return tensors.flatMap((t, i) => (isFloatingPoint(t.dtype) ? [i] : []));
}

/**
 * The same values in the least convenient memory: dimensions in reverse order, every second element, starting at the second; what lies
 * between is NaN (or the largest integer), so that a kernel that ignores strides is found out.
 */
export function stridedCopy(t: Tensor): Tensor {
  const reversed = contiguousStrides([...t.shape].reverse()).reverse();
  const strides = reversed.map((s) => 2 * s);
  const holder = allocate([2 * Math.max(t.size, 1) + 1], t.dtype);
  const view = viewOf(holder, t.shape, strides, 1);
  const memory = new Uint8Array(itemSize(t.dtype) * holder.size).fill(t.dtype === "bool" ? 1 : 0xff);
  const source = new Uint8Array(t.data().buffer);
  const width = itemSize(t.dtype);
  const rowMajor = contiguousStrides(t.shape);
  for (let i = 0; i < t.size; i++) {
    let offset = 1;
    for (let d = 0, rest = i; d < t.ndim; d++) {
      const index = Math.floor(rest / rowMajor[d]!);
      rest -= index * rowMajor[d]!;
      offset += index * strides[d]!;
    }
    memory.set(source.subarray(i * width, (i + 1) * width), offset * width);
  }
  const target = holder.view();
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(memory);
  return view;
}
