import { ArgumentError, IndexOutOfRangeError, ShapeError } from "./errors.ts";

export type Shape = readonly number[];

/** Number of elements: the product of the sizes, 1 for a scalar. */
export function sizeOfShape(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i]!;
  return n;
}

/** Strides, in elements, of a row-major array. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** Whether elements lie row-major without gaps. Sizes of 1 may have any stride; an empty array is contiguous. */
export function isContiguousLayout(shape: Shape, strides: readonly number[]): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i]!;
    if (size === 0) return true;
    if (size !== 1) {
      if (strides[i] !== step) {
        return shape.includes(0);
      }
      step *= size;
    }
  }
  return true;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `[2, 3]`: how shapes are written in messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * The shape of an elementwise operation on both: aligned at the right, a size of 1 stretches.
 * @throws ShapeError if two sizes differ and neither is 1.
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const ndim = Math.max(a.length, b.length);
  const out = new Array<number>(ndim);
  for (let i = 1; i <= ndim; i++) {
    const x = i <= a.length ? a[a.length - i]! : 1;
    const y = i <= b.length ? b[b.length - i]! : 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError({
        op,
        rule: "shapes do not broadcast",
        received: `${formatShape(a)} and ${formatShape(b)}`,
        expected: `sizes that are equal or 1, aligned at the right; ${x} and ${y} in dimension ${-i} are neither`,
      });
    }
    out[ndim - i] = x === 1 ? y : x;
  }
  return out;
}

/**
 * A dimension as an index from 0; negative ones count from the end. A scalar accepts 0 and -1, as PyTorch's does.
 * @throws IndexOutOfRangeError outside `[-ndim, ndim - 1]`.
 */
export function normalizeDim(op: string, dim: number, ndim: number): number {
  const n = Math.max(ndim, 1);
  if (!Number.isInteger(dim) || dim < -n || dim >= n) {
    throw new IndexOutOfRangeError({
      op,
      rule: "dimension out of range",
      received: `dim ${dim} for ${ndim} dimensions`,
      expected: `an integer from ${-n} to ${n - 1}`,
    });
  }
  return dim < 0 ? dim + n : dim;
}

/** Several dimensions, normalised and without repetition; `undefined` or an empty list means all. */
export function normalizeDims(op: string, dims: number | readonly number[] | undefined, ndim: number): number[] {
  if (dims === undefined) return Array.from({ length: ndim }, (_, i) => i);
  if (typeof dims === "number")
    return ndim === 0 && normalizeDim(op, dims, 0) === 0 ? [] : [normalizeDim(op, dims, ndim)];
  if (dims.length === 0) return Array.from({ length: ndim }, (_, i) => i);
  const out = dims.map((d) => normalizeDim(op, d, ndim));
  if (new Set(out).size !== out.length) {
    throw new ArgumentError({ op, rule: "a dimension appears twice", received: `dim [${dims.join(", ")}]` });
  }
  return ndim === 0 ? [] : out;
}

/** @throws ShapeError unless every size is a whole number of 0 or more. */
export function checkShape(op: string, shape: Shape): void {
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new ShapeError({
        op,
        rule: "not a shape",
        received: formatShape(shape),
        expected: "whole numbers of 0 or more",
      });
    }
  }
}
