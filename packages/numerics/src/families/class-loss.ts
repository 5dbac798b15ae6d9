import { asIndexTensor, asTensor, full } from "../create.ts";
import { isBool, isFloatingPoint } from "../dtype.ts";
import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import { contiguous } from "../ops/contiguous.ts";
import { to } from "../ops/to.ts";
import { engine, isTracing } from "../runtime.ts";
import { tidy } from "../scope.ts";
import { formatShape, normalizeDim, type Shape, sameShape } from "../shape.ts";
import { allocate, Tensor, type TensorArg } from "../tensor.ts";
import { around, floatDType } from "./along-dim.ts";

export type ClassReduction = "none" | "mean" | "sum";

export interface ClassLossOptions {
  /** What becomes of the rows' losses. "mean" divides by the weights of the rows that count. Default "mean". */
  readonly reduction?: ClassReduction;
  /** Rows with this target have loss and gradient 0. Default -100. */
  readonly ignoreIndex?: number;
  /** Where the classes lie. Default 1, or 0 for one row. */
  readonly dim?: number;
  /** The function that errors name: a loss built on this operation gives its own. */
  readonly op?: string;
}

/** What the kernels of class losses need besides the tensors. */
export interface ClassLossAttrs {
  readonly op: string;
  readonly dim: number;
  readonly reduction: ClassReduction;
  readonly ignoreIndex: number;
  readonly smoothing: number;
}

/** The dimension of the classes: `dim`, else 1, or 0 for a single row. @throws ShapeError for a scalar. */
export function classDim(op: string, x: Tensor, dim: number | undefined): number {
  if (x.ndim === 0) {
    throw new ShapeError({ op, rule: "the input needs a dimension of classes", received: "a scalar" });
  }
  return dim === undefined ? (x.ndim === 1 ? 0 : 1) : normalizeDim(op, dim, x.ndim);
}

/** A target as `softmaxCrossEntropy` takes it: of plain numbers, those in the input's shape are probabilities, others class indices. */
export function asClassTarget(x: Tensor, target: TensorArg): Tensor {
  if (target instanceof Tensor) return target;
  const plain = asTensor(target);
  const probability = isFloatingPoint(plain.dtype) && plain.ndim === x.ndim && x.ndim > 0;
  return probability ? plain : asIndexTensor(target);
}

/** The input's shape without the classes: that of class indices and of the single losses. */
export function rowsShape(shape: Shape, dim: number): number[] {
  return shape.filter((_, i) => i !== dim);
}

/** @throws typed errors unless targets and weights fit the input. */
export function checkClassLoss(x: Tensor, target: Tensor, weight: Tensor | null, attrs: ClassLossAttrs): void {
  const { op } = attrs;
  floatDType(op, x);
  const probability = isFloatingPoint(target.dtype);
  const expected = probability ? x.shape : rowsShape(x.shape, attrs.dim);
  if (isBool(target.dtype)) {
    throw new DTypeError({
      op,
      rule: "targets must be class indices or probabilities",
      received: "bool",
      expected: "an integer dtype, or the input's",
    });
  }
  if (!sameShape(target.shape, expected)) {
    throw new ShapeError({
      op,
      rule: probability ? "probabilities need the input's shape" : "there must be one class index for each row",
      received: `target ${formatShape(target.shape)} ${target.dtype} for input ${formatShape(x.shape)}`,
      expected: formatShape(expected),
      hint: `Classes lie in dimension ${attrs.dim} of the input; pass dim if they lie elsewhere`,
    });
  }
  const classes = x.shape[attrs.dim]!;
  if (weight !== null && !sameShape(weight.shape, [classes])) {
    throw new ShapeError({
      op,
      rule: "there must be one weight for each class",
      received: formatShape(weight.shape),
      expected: formatShape([classes]),
    });
  }
  if (!(attrs.smoothing >= 0 && attrs.smoothing <= 1)) {
    throw new ArgumentError({
      op,
      rule: "labelSmoothing must lie in [0, 1]",
      received: `${attrs.smoothing}`,
    });
  }
}

/** Tensors as the kernels want them, and what the mean divides by. */
export interface ClassLossInputs {
  readonly x: Tensor;
  /** Class indices as int64, or null. */
  readonly target: Tensor | null;
  /** Probabilities, or null. */
  readonly probability: Tensor | null;
  readonly weight: Tensor | null;
  /** float64: the weights of the rows that count; for probabilities the number of rows. */
  readonly divisor: Tensor;
  readonly sizes: [outer: number, n: number, inner: number];
  readonly rows: number;
}

/** @throws IndexOutOfRangeError for a target that is neither a class nor `ignoreIndex`. */
export function classLossInputs(k: Kernels, inputs: readonly Tensor[], attrs: ClassLossAttrs): ClassLossInputs {
  const [x, target, weight] = inputs as [Tensor, Tensor, Tensor | undefined];
  const sizes = around(x.shape, attrs.dim);
  const rows = sizes[0] * sizes[2];
  const weights = weight === undefined ? null : contiguous(to(weight, x.dtype));
  const common = { x: contiguous(x), weight: weights, sizes, rows };
  if (isFloatingPoint(target.dtype)) {
    const probability = contiguous(to(target, x.dtype));
    return { ...common, target: null, probability, divisor: full([], rows, { dtype: "float64" }) };
  }
  const indices = contiguous(to(target, "int64"));
  const divisor = allocate([], "float64");
  refuseBadTarget(k, x.dtype as "float32", indices, weights, divisor, sizes[1], attrs);
  return { ...common, target: indices, probability: null, divisor };
}

/** Adds up in `divisor` the weights of the targets that count. @throws IndexOutOfRangeError for one that is neither a class nor `ignoreIndex`. */
export function refuseBadTarget(
  k: Kernels,
  dtype: "float32",
  indices: Tensor,
  weights: Tensor | null,
  divisor: Tensor,
  classes: number,
  { op, ignoreIndex }: Pick<ClassLossAttrs, "op" | "ignoreIndex">,
): void {
  const check = k.classTargets[dtype];
  const bad = check(indices.ptr, weights?.ptr ?? 0, divisor.ptr, indices.size, classes, ignoreIndex);
  if (bad < 0) return;
  const value = (engine().heap.view("int64", indices.ptr, indices.size) as BigInt64Array)[bad];
  throw new IndexOutOfRangeError({
    op,
    rule: "a target is not a class",
    received: `${value} at position ${bad}`,
    expected: `0 to ${classes - 1}, or ignoreIndex (${ignoreIndex})`,
    hint: "Compare the number of classes with the size of the input's class dimension",
  });
}

/**
 * Checks class indices against logits of any floating dtype: what a loss of one's own calls first.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is neither a class nor `ignoreIndex`. A trace has no values to look at.
 */
export function checkClassTargets(
  op: string,
  x: Tensor,
  target: Tensor,
  { dim, ignoreIndex }: Pick<ClassLossAttrs, "dim" | "ignoreIndex">,
): void {
  if (isFloatingPoint(target.dtype)) {
    throw new DTypeError({
      op,
      rule: "targets must be class indices",
      received: target.dtype,
      expected: "an integer dtype",
    });
  }
  checkClassLoss(x, target, null, { op, dim, ignoreIndex, reduction: "none", smoothing: 0 });
  if (isTracing()) return;
  tidy(() => {
    const indices = contiguous(to(target.detach(), "int64"));
    const total = allocate([], "float64");
    refuseBadTarget(engine().kernels, x.dtype as "float32", indices, null, total, x.shape[dim]!, { op, ignoreIndex });
  });
}
