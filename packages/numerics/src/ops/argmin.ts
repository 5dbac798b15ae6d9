import { asTensor } from "../create.ts";
import { argExtreme } from "../families/extreme.ts";
import type { ReductionOptions } from "../families/reduction.ts";
import { apply } from "../op.ts";
import { normalizeDim } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { reshape } from "./reshape.ts";

const definition = argExtreme("argmin", false);

/**
 * Where the smallest element lies along `dim`, as int64; without `dim`, its position in row-major order. The first of equals; NaN before all.
 * @throws ShapeError where there is nothing to choose from.
 */
export function argmin(x: TensorArg, dim?: number, options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  const { keepdim = false } = options;
  if (dim !== undefined) return apply(definition, [t], { dim: normalizeDim("argmin", dim, t.ndim), keepdim });
  const at = apply(definition, [reshape(t, [-1])], { dim: 0, keepdim: false });
  return keepdim
    ? reshape(
        at,
        t.shape.map(() => 1),
      )
    : at;
}
