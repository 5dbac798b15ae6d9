import { asTensor } from "../create.ts";
import { type ExtremeAttrs, extremeAlong, type ValuesAndIndices } from "../families/extreme.ts";
import type { ReductionOptions } from "../families/reduction.ts";
import { applyMulti } from "../op.ts";
import { normalizeDim } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { amin } from "./amin.ts";

const definition = extremeAlong("min", false);

/**
 * The smallest element: of all (a scalar; equals share the gradient), or along `dim` with its position (the gradient goes there). NaN wins; the
 * first of equals is taken. @throws ShapeError where there is nothing to choose from.
 */
export function min(x: TensorArg): Tensor;
export function min(x: TensorArg, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function min(x: TensorArg, dim?: number, options: ReductionOptions = {}): Tensor | ValuesAndIndices {
  const t = asTensor(x);
  if (dim === undefined) return amin(t);
  const attrs: ExtremeAttrs = { dim: normalizeDim("min", dim, t.ndim), keepdim: options.keepdim ?? false };
  const [values, indices] = applyMulti(definition, [t], attrs);
  return { values: values!, indices: indices! };
}
