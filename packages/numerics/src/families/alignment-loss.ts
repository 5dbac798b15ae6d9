import { asIndexTensor } from "../create.ts";
import { isBool, isFloatingPoint } from "../dtype.ts";
import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { TensorSpec } from "../op.ts";
import { contiguous } from "../ops/contiguous.ts";
import { to } from "../ops/to.ts";
import { engine } from "../runtime.ts";
import { formatShape, type Shape, sameShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

// What CTC and RNN-T share: lengths and labels, read and checked.

/** Labels or lengths as an integer tensor. @throws DTypeError for floats and bools. */
export function wholeNumbers(op: string, name: string, value: TensorArg): Tensor {
  const t = asIndexTensor(value);
  if (!isFloatingPoint(t.dtype) && !isBool(t.dtype)) return t;
  throw new DTypeError({
    op,
    rule: `the ${name} must be whole numbers`,
    received: t.dtype,
    expected: "an integer dtype",
  });
}

/** @throws ShapeError unless there is one length for each sample. */
export function checkLengthsShape(op: string, name: string, { shape }: TensorSpec, batch: number): void {
  if (sameShape(shape, [batch])) return;
  throw new ShapeError({
    op,
    rule: `there must be one of the ${name} for each sample`,
    received: formatShape(shape),
    expected: formatShape([batch]),
  });
}

/** The class that stands for no label, counted from the end if negative. @throws IndexOutOfRangeError */
export function blankClass(op: string, blank: number, classes: number): number {
  const at = blank < 0 ? blank + classes : blank;
  if (Number.isInteger(at) && at >= 0 && at < classes) return at;
  throw new IndexOutOfRangeError({
    op,
    rule: "the blank is not a class",
    received: `${blank}`,
    expected: `a whole number from ${-classes} to ${classes - 1}`,
  });
}

/** An integer tensor as kernels take it, and as numbers. */
export function readIntegers(t: Tensor): { tensor: Tensor; values: BigInt64Array } {
  const tensor = contiguous(to(t, "int64"));
  return { tensor, values: (engine().heap.view("int64", tensor.ptr, tensor.size) as BigInt64Array).slice() };
}

/** @throws IndexOutOfRangeError for a length below 0 or above `limit`. */
export function checkLengths(op: string, name: string, lengths: BigInt64Array, limit: number): void {
  const bad = lengths.findIndex((n) => n < 0n || n > BigInt(limit));
  if (bad < 0) return;
  throw new IndexOutOfRangeError({
    op,
    rule: `one of the ${name} is out of range`,
    received: `${lengths[bad]} at position ${bad}`,
    expected: `0 to ${limit}`,
  });
}

/** Which elements of the targets are labels: `lengths[b]` from `offsets[b]` on for each sample. */
export interface LabelPlaces {
  readonly offsets: ArrayLike<bigint>;
  readonly lengths: BigInt64Array;
}

/** @throws IndexOutOfRangeError for a label that is not a class; ArgumentError for the blank among the labels. Padding is not looked at. */
export function checkLabels(
  op: string,
  targets: BigInt64Array,
  { offsets, lengths }: LabelPlaces,
  { classes, blank }: { readonly classes: number; readonly blank: number },
): void {
  for (let b = 0; b < lengths.length; b++) {
    for (let i = Number(offsets[b]!), end = i + Number(lengths[b]!); i < end; i++) {
      const label = Number(targets[i]!);
      const received = `${label} at position ${i}`;
      if (label < 0 || label >= classes) {
        throw new IndexOutOfRangeError({
          op,
          rule: "a target is not a class",
          received,
          expected: `0 to ${classes - 1}, without ${blank}`,
        });
      }
      if (label === blank) {
        throw new ArgumentError({
          op,
          rule: "the blank must not stand among the targets",
          received,
          hint: "It means that no label is given out. Number the labels around it, or choose another class by `blank`",
        });
      }
    }
  }
}

/** @throws ShapeError unless `shape` has `rank` dimensions. */
export function checkRank(op: string, name: string, shape: Shape, rank: number, expected: string): void {
  if (shape.length === rank) return;
  throw new ShapeError({
    op,
    rule: `the ${name} must have ${rank} dimensions`,
    received: formatShape(shape),
    expected,
  });
}
