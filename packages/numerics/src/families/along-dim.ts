import { isFloatingPoint } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { TensorSpec } from "../op.ts";
import type { Shape } from "../shape.ts";
import { sizeOfShape } from "../shape.ts";

/** The sizes before, at and behind a dimension: how kernels that work along one dimension see a contiguous tensor. */
export function around(shape: Shape, dim: number): [outer: number, n: number, inner: number] {
  return [sizeOfShape(shape.slice(0, dim)), shape[dim] ?? 1, sizeOfShape(shape.slice(dim + 1))];
}

/** The two dtypes that kernels compute in. @throws DTypeError for any other. */
export function floatDType(op: string, x: TensorSpec): "float32" | "float64" {
  if (x.dtype === "float32" || x.dtype === "float64") return x.dtype;
  throw new DTypeError({
    op,
    rule: isFloatingPoint(x.dtype) ? "computes in float32 and float64 only" : "takes floating elements",
    received: x.dtype,
    hint: "Convert first: x.to('float32')",
  });
}
