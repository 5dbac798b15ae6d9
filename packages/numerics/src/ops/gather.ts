import { asTensor, zeros } from "../create.ts";
import { itemSize } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { checkedIndices, indexArgument } from "../families/indexing.ts";
import { apply, type OneOutput, type TensorSpec } from "../op.ts";
import { contiguousStrides, formatShape, normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { scatterAdd } from "./scatter.ts";

interface Dim {
  readonly dim: number;
}

/** @throws ShapeError unless `index` fits into `x` in all dimensions but `dim`. */
export function checkIndexShape(op: string, x: TensorSpec, index: TensorSpec, dim: number): void {
  const fits =
    x.shape.length === index.shape.length && index.shape.every((size, d) => d === dim || size <= x.shape[d]!);
  if (fits || (x.shape.length === 0 && index.shape.length <= 1)) return;
  throw new ShapeError({
    op,
    rule: "the index does not fit the tensor",
    received: `index ${formatShape(index.shape)} for ${formatShape(x.shape)}`,
    expected: `as many dimensions, and no size greater than the tensor's except in dimension ${dim}`,
  });
}

const definition: OneOutput<Dim> = {
  name: "gather",
  shape: ([x, index], { dim }) => {
    checkIndexShape("gather", x!, index!, dim);
    return { shape: index!.shape, dtype: x!.dtype };
  },
  forward: (k, [x, index], { dim }, spec) => {
    const indices = checkedIndices("gather", index!, x!.shape[dim] ?? 1);
    const y = allocate(spec.shape, spec.dtype);
    const source = contiguous(x!);
    const strides = x!.ndim === 0 ? spec.shape.map(() => 0) : contiguousStrides(source.shape);
    if (y.size > 0) k.gather[itemSize(spec.dtype)](source.ptr, indices.ptr, y.ptr, spec.shape, strides, dim);
    return y;
  },
  gradient: ({ inputs: [, index], dy, specs: [x], attrs }) => [
    scatterAdd(zeros(x!.shape, { dtype: dy.dtype }), attrs.dim, index!, dy),
  ],
  saves: { inputs: [1] },
  onnx: (g, [x, index], { dim }) => g.node("GatherElements", [x!, g.cast(index!, "int64")], { axis: dim }),
};

/**
 * Elements of `x` at positions along `dim`: `out[i][j] = x[index[i][j]][j]` for dim 0. The result has the index's shape, which may be smaller
 * than x's elsewhere.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for an index outside the dimension (negative ones too).
 */
export function gather(x: TensorArg, dim: number, index: TensorArg): Tensor {
  const t = asTensor(x);
  return apply(definition, [t, indexArgument("gather", index)], { dim: normalizeDim("gather", dim, t.ndim) });
}
