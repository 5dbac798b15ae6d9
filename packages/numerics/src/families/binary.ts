import { copyInto } from "../copy.ts";
import { asTensor, full } from "../create.ts";
import { type DType, isFloatingPoint, promoteTypes, promoteWeak } from "../dtype.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering } from "../graph/onnx.ts";
import { apply, applyInPlace, type Gradient, type NonDifferentiable, type OneOutput, type Unsupported } from "../op.ts";
import { to } from "../ops/to.ts";
import { engine, runtime } from "../runtime.ts";
import { broadcastShapes, formatShape, type Shape, sameShape } from "../shape.ts";
import { Storage } from "../storage.ts";
import { allocate, Tensor, type TensorArg } from "../tensor.ts";

/** A kernel that walks two strided operands: what declarations in kernels/*.cpp with broadcasting become. */
type BroadcastKernel = (a: number, b: number, y: number, shape: Shape, sa: Shape, sb: Shape) => void;

/** By element type of the operands. */
export type BroadcastKernels = { readonly [D in DType]?: BroadcastKernel };

export interface BinaryDefinition {
  readonly name: string;
  /** The kernels, one an element type; the types that it takes are the types that it has. */
  readonly kernel: (k: Kernels) => BroadcastKernels;
  /** Element type of the result where it is not the operands'. */
  readonly result?: DType;
  /** Whether integers and bool compute in float32, as division does. Default false. */
  readonly floating?: boolean;
  readonly gradient: Gradient<object> | NonDifferentiable;
  readonly saves?: OneOutput<object>["saves"];
  readonly onnx: Lowering<object> | Unsupported;
}

/** Strides that read `t` under a shape that it broadcasts to: 0 where it is stretched. */
export function broadcastStrides(t: Tensor, shape: Shape): readonly number[] {
  if (sameShape(t.shape, shape)) return t.strides;
  const lead = shape.length - t.ndim;
  return shape.map((size, i) => (i < lead || (t.shape[i - lead] === 1 && size !== 1) ? 0 : t.strides[i - lead]!));
}

function run(definition: BinaryDefinition, kernels: BroadcastKernels, a: Tensor, b: Tensor, y: Tensor): void {
  const { name, result } = definition;
  const { shape } = y;
  const kernel = kernels[a.dtype];
  if (kernel !== undefined) {
    kernel(a.ptr, b.ptr, y.ptr, shape, broadcastStrides(a, shape), broadcastStrides(b, shape));
    return;
  }
  if (kernels.int64 === undefined || isFloatingPoint(a.dtype)) {
    throw new DTypeError({
      op: name,
      rule: "not defined for this element type",
      received: a.dtype,
      expected: Object.keys(kernels).join(", "),
      hint: "Convert the operands with to()",
    });
  }
  // Narrower integers compute as int64; converting back wraps as their own arithmetic would. A comparison writes bools at once.
  const wide = result === undefined ? allocate(shape, "int64") : y;
  run(definition, kernels, to(a, "int64"), to(b, "int64"), wide);
  if (wide !== y) copyInto(y, to(wide, y.dtype));
}

/** An operation on two tensors, element by element, with broadcasting. */
export function binary(definition: BinaryDefinition): OneOutput<object> {
  const { name, kernel, result, gradient, saves, onnx } = definition;
  return {
    name,
    shape: ([a, b]) => ({ shape: broadcastShapes(name, a!.shape, b!.shape), dtype: result ?? a!.dtype }),
    forward: (k, [a, b], _attrs, { shape, dtype }) => {
      const y = allocate(shape, dtype);
      if (y.size > 0) run(definition, kernel(k), a!, b!, y);
      return y;
    },
    gradient,
    ...(saves === undefined ? {} : { saves }),
    onnx,
  };
}

/** The element type of a literal beside a tensor of `other`: the tensor's own, unless the literal's kind is higher. */
function literalType(value: number | bigint | boolean, other: DType): DType {
  if (typeof value === "boolean") return other;
  if (typeof value === "bigint" || Number.isInteger(value)) return promoteWeak(other, "int64");
  return promoteWeak(other, "float32");
}

function isLiteral(value: TensorArg): value is number | bigint | boolean {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
}

/** The element type that two tensors meet in: those without dimensions are weak. */
function commonType(a: Tensor, b: Tensor): DType {
  if (a.dtype === b.dtype) return a.dtype;
  if (a.ndim > 0 === b.ndim > 0) return promoteTypes(a.dtype, b.dtype);
  return a.ndim > 0 ? weakResult(a.dtype, b.dtype) : weakResult(b.dtype, a.dtype);
}

// A tensor without dimensions keeps its own width where its kind wins: bool with an int32 scalar is int32.
function weakResult(strong: DType, weak: DType): DType {
  return promoteWeak(strong, weak);
}

/** Two operands as tensors of one element type. Literals are weak: `x.add(2)` keeps x's type. */
export function operands(a: TensorArg, b: TensorArg, floating = false): [Tensor, Tensor] {
  let x: Tensor;
  let y: Tensor;
  if (isLiteral(b) && !isLiteral(a)) {
    x = asTensor(a);
    y = literal(b, literalType(b, x.dtype));
  } else if (isLiteral(a) && !isLiteral(b)) {
    y = asTensor(b);
    x = literal(a, literalType(a, y.dtype));
  } else {
    x = asTensor(a);
    y = asTensor(b);
  }
  let dtype = x.dtype === y.dtype ? x.dtype : commonType(x, y);
  if (floating && !isFloatingPoint(dtype)) dtype = "float32";
  return [x.dtype === dtype ? x : to(x, dtype), y.dtype === dtype ? y : to(y, dtype)];
}

/** Made in its element type at once: by way of float32 a literal beside a float64 tensor would be rounded. */
function literal(value: number | bigint | boolean, dtype: DType): Tensor {
  return full([], value, { dtype });
}

/**
 * A number beside a floating tensor for one operation. No scope and no collector learns of it, which is most of what a small
 * tensor costs: its caller disposes of it.
 */
function passing(value: number, dtype: "float32" | "float64"): Tensor {
  const t = new Tensor(new Storage(8), [], [], 0, dtype);
  engine().heap.view(dtype, t.ptr, 1)[0] = value;
  return t;
}

function isPlainFloat(t: TensorArg): t is Tensor & { readonly dtype: "float32" | "float64" } {
  return t instanceof Tensor && (t.dtype === "float32" || t.dtype === "float64");
}

const noAttributes = {};

/** Applies a binary operation to arguments of any kind. */
export function applyBinary(op: OneOutput<object>, a: TensorArg, b: TensorArg, floating = false): Tensor {
  // A trace would keep the literal.
  if (runtime.tracer !== null) return apply(op, operands(a, b, floating), noAttributes);
  if (typeof b === "number" && isPlainFloat(a)) {
    const y = passing(b, a.dtype);
    try {
      return apply(op, [a, y], noAttributes);
    } finally {
      y.dispose();
    }
  }
  return apply(op, operands(a, b, floating), noAttributes);
}

/**
 * The form that writes into its first operand.
 * @throws ShapeError if the result would be larger than the target; DTypeError if its type would not fit the target's kind.
 */
export function applyBinaryInPlace(
  op: OneOutput<object>,
  definition: BinaryDefinition,
  target: Tensor,
  other: TensorArg,
): Tensor {
  const [x, y] = operands(target, other, definition.floating);
  if (x !== target) {
    throw new DTypeError({
      op: `${definition.name}_`,
      rule: "the result's type does not fit the target",
      received: `${target.dtype} target, ${x.dtype} result`,
      hint: `Use ${definition.name}(), which returns a new tensor`,
    });
  }
  if (!sameShape(broadcastShapes(`${definition.name}_`, x.shape, y.shape), target.shape)) {
    throw new ShapeError({
      op: `${definition.name}_`,
      rule: "the result is larger than the target",
      received: `target ${formatShape(target.shape)}, operand ${formatShape(y.shape)}`,
    });
  }
  return applyInPlace(op, [target, y], {}, (k) => {
    if (target.size === 0) return;
    if (target.isContiguous()) {
      run(definition, definition.kernel(k), target, y, target);
      return;
    }
    const result = allocate(target.shape, target.dtype);
    run(definition, definition.kernel(k), target, y, result);
    copyInto(target, result);
  });
}
