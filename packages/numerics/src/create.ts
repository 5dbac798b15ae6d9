import { type DType, dtypeOfTypedArray, isFloatingPoint, type TypedArray } from "./dtype.ts";
import { ArgumentError, DTypeError, ShapeError } from "./errors.ts";
import { fromNumber } from "./half.ts";
import { engine } from "./runtime.ts";
import { checkShape, formatShape, type Shape, sizeOfShape } from "./shape.ts";
import { allocate, type NestedArray, Tensor, type TensorArg } from "./tensor.ts";

export interface TensorOptions {
  /** Element type. Default: numbers float32, booleans bool, bigints int64, typed arrays their own. */
  readonly dtype?: DType;
  /** Records operations on the tensor for `backward()`. Default false. */
  readonly requiresGrad?: boolean;
}

type Scalar = number | bigint | boolean;

/**
 * A tensor with a copy of `data`: a number, nested arrays, a typed array (with `shape`, or one-dimensional) or a tensor.
 * @throws ShapeError for ragged arrays or a shape of another size; DTypeError for mixed or unfit values.
 * @example tensor([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function tensor(data: TensorArg, options: TensorOptions & { readonly shape?: Shape } = {}): Tensor {
  const { dtype, requiresGrad = false, shape } = options;
  let out: Tensor;
  if (data instanceof Tensor) {
    out = converted(fromTypedArray(data.data(), shape ?? data.shape, data.dtype), dtype);
  } else if (ArrayBuffer.isView(data)) {
    const own = dtypeOf(data as TypedArray);
    out = converted(fromTypedArray(data as TypedArray, shape ?? [(data as TypedArray).length], own), dtype);
  } else {
    out = fromNested(data, dtype, shape);
  }
  if (requiresGrad) out.requiresGrad = true;
  return out;
}

function converted(made: Tensor, dtype: DType | undefined): Tensor {
  if (dtype === undefined || dtype === made.dtype) return made;
  const out = made.to(dtype);
  made.dispose();
  return out;
}

function dtypeOf(data: TypedArray): DType {
  const dtype = dtypeOfTypedArray(data);
  if (dtype !== undefined) return dtype;
  throw new DTypeError({
    op: "tensor",
    rule: "no element type for this typed array",
    received: (data as object).constructor.name,
    expected: "Float32Array, Float64Array, Int8Array, Uint8Array, Int16Array, Int32Array or BigInt64Array",
    hint: "For float16 and bfloat16 bit patterns call fromTypedArray(bits, shape, 'float16')",
  });
}

/**
 * A tensor with a copy of a typed array's elements, row-major. The array's class must be `dtype`'s own (Uint16Array with bit
 * patterns for float16 and bfloat16, Uint8Array with 0 and 1 for bool).
 */
export function fromTypedArray(data: TypedArray, shape: Shape, dtype: DType = dtypeOf(data)): Tensor {
  checkShape("tensor", shape);
  if (sizeOfShape(shape) !== data.length) {
    throw new ShapeError({
      op: "tensor",
      rule: "the number of values does not fit the shape",
      received: `${data.length} values`,
      expected: `${sizeOfShape(shape)} for ${formatShape(shape)}`,
    });
  }
  const out = allocate([...shape], dtype);
  (engine().heap.view(dtype, out.ptr, out.size) as Uint8Array).set(data as Uint8Array);
  return out;
}

function fromNested(data: NestedArray | Scalar, dtype: DType | undefined, shape: Shape | undefined): Tensor {
  const own: number[] = [];
  for (let level: unknown = data; Array.isArray(level); level = level[0]) own.push(level.length);
  const flat: Scalar[] = [];
  flattenInto(data, own, 0, flat);
  const type = dtype ?? inferDType(flat);
  const out = fillFrom(flat, own, type);
  if (shape === undefined) return out;
  const view = fromTypedArray(out.data(), shape, type);
  out.dispose();
  return view;
}

function flattenInto(value: unknown, shape: readonly number[], dim: number, into: Scalar[]): void {
  if (Array.isArray(value)) {
    if (value.length !== shape[dim]) {
      throw new ShapeError({
        op: "tensor",
        rule: "nested arrays must be rectangular",
        received: `${value.length} items in dimension ${dim}`,
        expected: dim < shape.length ? `${shape[dim]} items` : "a number",
      });
    }
    for (const item of value) flattenInto(item, shape, dim + 1, into);
    return;
  }
  if (dim !== shape.length) {
    throw new ShapeError({
      op: "tensor",
      rule: "nested arrays must be rectangular",
      received: `a ${typeof value} in dimension ${dim}`,
      expected: `an array of ${shape[dim]} items`,
    });
  }
  if (typeof value !== "number" && typeof value !== "boolean" && typeof value !== "bigint") {
    throw new DTypeError({
      op: "tensor",
      rule: "values must be numbers, bigints or booleans",
      received: describe(value),
    });
  }
  into.push(value);
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value === "string" ? JSON.stringify(value) : typeof value;
}

function inferDType(values: readonly Scalar[]): DType {
  const first = typeof values[0];
  const mixed = values.find((v) => typeof v !== first);
  if (mixed !== undefined) {
    throw new DTypeError({
      op: "tensor",
      rule: "values of different kinds",
      received: `${first} and ${typeof mixed}`,
      hint: "Pass { dtype } to say which element type is meant",
    });
  }
  return first === "boolean" ? "bool" : first === "bigint" ? "int64" : "float32";
}

function fillFrom(values: readonly Scalar[], shape: Shape, dtype: DType): Tensor {
  const out = allocate(shape, dtype);
  const view = engine().heap.view(dtype, out.ptr, out.size);
  if (dtype === "int64") {
    const wide = view as BigInt64Array;
    values.forEach((v, i) => {
      wide[i] = toBigInt(v);
    });
  } else {
    const narrow = view as Float64Array;
    values.forEach((v, i) => {
      narrow[i] = dtype === "bool" ? Number(Boolean(v)) : fromNumber(Number(v), dtype);
    });
  }
  return out;
}

function toBigInt(value: Scalar): bigint {
  if (typeof value !== "number") return BigInt(value);
  if (Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw new DTypeError({ op: "tensor", rule: "an int64 cannot hold this number", received: String(value) });
}

/** A tensor argument as a tensor: itself, or made from literals (numbers float32, booleans bool, bigints int64). */
export function asTensor(value: TensorArg): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value === "object" && value !== null && Symbol.for("tenon.Tensor") in value) {
    throw new ArgumentError({
      op: "tensor",
      rule: "this tensor belongs to another copy of @tenon/numerics",
      hint: "Make sure that only one is installed: npm ls @tenon/numerics; npm dedupe",
    });
  }
  return ArrayBuffer.isView(value) ? tensor(value) : fromNested(value, undefined, undefined);
}

function firstFraction(value: unknown): number | undefined {
  if (!Array.isArray(value)) return typeof value === "number" && !Number.isInteger(value) ? value : undefined;
  for (const item of value) {
    const found = firstFraction(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Literals where class indices or positions are expected: plain numbers become int64.
 * @throws DTypeError for numbers that are not whole.
 */
export function asIndexTensor(value: TensorArg): Tensor {
  if (value instanceof Tensor || ArrayBuffer.isView(value)) return asTensor(value);
  const fraction = firstFraction(value);
  if (fraction !== undefined) {
    throw new DTypeError({ op: "asIndexTensor", rule: "indices must be whole numbers", received: String(fraction) });
  }
  return fromNested(value as NestedArray | Scalar, "int64", undefined);
}

function filled(shape: Shape, value: number | bigint | boolean, options: TensorOptions): Tensor {
  const { dtype = inferDType([value]), requiresGrad = false } = options;
  checkShape("full", shape);
  const out = allocate([...shape], dtype);
  const view = engine().heap.view(dtype, out.ptr, out.size);
  if (dtype === "int64") (view as BigInt64Array).fill(toBigInt(value));
  else (view as Float64Array).fill(dtype === "bool" ? Number(Boolean(value)) : fromNumber(Number(value), dtype));
  if (requiresGrad) out.requiresGrad = true;
  return out;
}

/** A tensor of zeros; float32 by default. */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return filled(shape, 0, options);
}

/** A tensor of ones; float32 by default. */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return filled(shape, 1, options);
}

/** A tensor with one value everywhere; the dtype follows the value (number float32, boolean bool, bigint int64). */
export function full(shape: Shape, value: number | bigint | boolean, options: TensorOptions = {}): Tensor {
  return filled(shape, value, options);
}

/** A tensor whose elements are whatever the memory held. */
export function empty(shape: Shape, options: TensorOptions = {}): Tensor {
  checkShape("empty", shape);
  const out = allocate([...shape], options.dtype ?? "float32");
  if (options.requiresGrad) out.requiresGrad = true;
  return out;
}

/** Zeros of the same shape and dtype. */
export function zerosLike(t: Tensor, options: TensorOptions = {}): Tensor {
  return filled(t.shape, 0, { dtype: t.dtype, ...options });
}

/** Ones of the same shape and dtype. */
export function onesLike(t: Tensor, options: TensorOptions = {}): Tensor {
  return filled(t.shape, 1, { dtype: t.dtype, ...options });
}

/** One value everywhere, of the same shape and dtype. */
export function fullLike(t: Tensor, value: number | bigint | boolean, options: TensorOptions = {}): Tensor {
  return filled(t.shape, value, { dtype: t.dtype, ...options });
}

/**
 * `start, start + step, ...` below `end`: ceil((end - start) / step) values, each start + i * step.
 * `arange(end)` starts at 0. Differs from PyTorch: whole numbers too give float32 unless `dtype` says otherwise, because
 * JavaScript cannot tell 2 from 2.0.
 * @throws ArgumentError for a step of 0 or one that leads away from `end`.
 */
export function arange(start: number, end?: number, step = 1, options: TensorOptions = {}): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  const n = Math.ceil((to - from) / step);
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new ArgumentError({
      op: "arange",
      rule: "the step does not lead from start to end",
      received: `start ${from}, end ${to}, step ${step}`,
    });
  }
  return sequence(n, (i) => from + i * step, options);
}

/** `steps` values from `start` to `end`, both included, evenly spaced; symmetric in rounding from both ends. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new ArgumentError({
      op: "linspace",
      rule: "steps must be a whole number of 0 or more",
      received: `${steps}`,
    });
  }
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  return sequence(steps, (i) => (i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step), options);
}

function sequence(n: number, value: (i: number) => number, options: TensorOptions): Tensor {
  const { dtype = "float32", requiresGrad = false } = options;
  const out = fillFrom(
    Array.from({ length: n }, (_, i) => value(i)),
    [n],
    dtype,
  );
  if (requiresGrad) out.requiresGrad = true;
  return out;
}

/** The identity: `[rows, columns]` with ones on the diagonal. */
export function eye(rows: number, columns = rows, options: TensorOptions = {}): Tensor {
  const { dtype = "float32", requiresGrad = false } = options;
  const out = zeros([rows, columns], { dtype });
  const view = engine().heap.view(dtype, out.ptr, out.size);
  for (let i = 0; i < Math.min(rows, columns); i++) {
    if (dtype === "int64") (view as BigInt64Array)[i * columns + i] = 1n;
    else (view as Float64Array)[i * columns + i] = dtype === "bool" ? 1 : fromNumber(1, dtype);
  }
  if (requiresGrad) out.requiresGrad = isFloatingPoint(dtype);
  return out;
}
