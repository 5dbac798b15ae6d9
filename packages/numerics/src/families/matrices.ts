import { ShapeError } from "../errors.ts";
import type { TensorSpec } from "../op.ts";
import { contiguous } from "../ops/contiguous.ts";
import { formatShape } from "../shape.ts";
import { allocate, type Tensor } from "../tensor.ts";
import { floatDType } from "./along-dim.ts";

/** @throws ShapeError unless it has two dimensions or more; DTypeError unless it is float32 or float64. */
export function checkMatrices(op: string, x: TensorSpec): void {
  if (x.shape.length < 2) throw new ShapeError({ op, rule: "takes matrices", received: formatShape(x.shape) });
  floatDType(op, x);
}

/** The spec of square matrices, checked. */
export function squareMatrices(op: string, x: TensorSpec): TensorSpec {
  checkMatrices(op, x);
  if (x.shape.at(-1) === x.shape.at(-2)) return { shape: x.shape, dtype: x.dtype };
  throw new ShapeError({ op, rule: "matrices must be square", received: formatShape(x.shape) });
}

/**
 * Runs `compute` for each matrix of a batch, on float64 copies of the inputs' matrices (row-major) and zeros for the result's, which is rounded once. All
 * inputs have the result's leading dimensions.
 */
export function eachMatrix(
  inputs: readonly Tensor[],
  spec: TensorSpec,
  compute: (matrices: Float64Array[], out: Float64Array) => void,
): Tensor {
  const y = allocate(spec.shape, spec.dtype);
  const elements = spec.shape.at(-1)! * spec.shape.at(-2)!;
  const sizes = inputs.map((x) => x.shape.at(-1)! * x.shape.at(-2)!);
  const count = elements === 0 ? 0 : y.size / elements;
  // Copies: the engine's memory may move while JavaScript computes.
  const sources = inputs.map((x) => contiguous(x).data() as Float64Array);
  const result = new Float64Array(y.size);
  for (let i = 0; i < count; i++) {
    const matrices = sources.map((s, k) => Float64Array.from(s.subarray(i * sizes[k]!, (i + 1) * sizes[k]!)));
    compute(matrices, result.subarray(i * elements, (i + 1) * elements));
  }
  if (y.size > 0) (y.view() as Float64Array).set(result);
  return y;
}
