import { contiguousCopy } from "../copy.ts";
import { asTensor, zeros } from "../create.ts";
import { itemSize } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { around } from "../families/along-dim.ts";
import { checkedIndices, indexArgument } from "../families/indexing.ts";
import { apply, type OneOutput } from "../op.ts";
import { formatShape, normalizeDim, type Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

interface Dim {
  readonly dim: number;
}

function replaced(shape: Shape, dim: number, size: number): number[] {
  return shape.map((s, i) => (i === dim ? size : s));
}

const definition: OneOutput<Dim> = {
  name: "indexSelect",
  shape: ([x, index], { dim }) => ({ shape: replaced(x!.shape, dim, index!.shape[0]!), dtype: x!.dtype }),
  forward: (k, [x, index], { dim }, spec) => {
    const [outer, n, inner] = around(x!.shape, dim);
    const indices = checkedIndices("indexSelect", index!, n);
    const y = allocate(spec.shape, spec.dtype);
    const source = contiguous(x!).ptr;
    if (y.size > 0) k.indexSelect[itemSize(spec.dtype)](source, indices.ptr, y.ptr, outer, n, indices.size, inner);
    return y;
  },
  gradient: ({ inputs: [, index], dy, specs: [x], attrs: { dim } }) => [
    indexAdd(zeros(x!.shape, { dtype: dy.dtype }), dim, index!, dy),
  ],
  saves: { inputs: [1] },
  onnx: (g, [x, index], { dim }) => g.node("Gather", [x!, g.cast(index!, "int64")], { axis: dim }),
};

const addDefinition: OneOutput<Dim> = {
  name: "indexAdd",
  shape: ([x, index, source], { dim }) => {
    const expected = replaced(x!.shape, dim, index!.shape[0]!);
    if (formatShape(source!.shape) !== formatShape(expected)) {
      throw new ShapeError({
        op: "indexAdd",
        rule: "the source does not fit tensor and index",
        received: formatShape(source!.shape),
        expected: formatShape(expected),
      });
    }
    return { shape: x!.shape, dtype: x!.dtype };
  },
  forward: (k, [x, index, source], { dim }, spec) => {
    const [outer, n, inner] = around(x!.shape, dim);
    const indices = checkedIndices("indexAdd", index!, n);
    const y = contiguousCopy(x!);
    const from = contiguous(source!).ptr;
    const kernel = k.indexAdd[spec.dtype as "float32"];
    if (source!.size > 0) kernel(from, indices.ptr, y.ptr, outer, n, indices.size, inner, -1);
    return y;
  },
  gradient: ({ inputs: [, index], dy, attrs: { dim }, needs }) => [
    dy,
    null,
    needs[2] ? indexSelect(dy, dim, index!) : null,
  ],
  saves: { inputs: [1] },
  onnx: (g, [x, index, source], { dim }) => {
    const column = source!.shape.map((_, i) => (i === dim ? -1 : 1));
    const rows = g.node("Reshape", [g.cast(index!, "int64"), g.ints(column)]);
    const wide = g.node("Expand", [rows, g.ints(source!.shape)]);
    return g.node("ScatterElements", [x!, wide, source!], { axis: dim, reduction: "add" });
  },
};

// A scalar is a vector of one here, as is a single index.
function line(op: string, index: TensorArg): Tensor {
  const at = indexArgument(op, index);
  if (at.ndim === 1) return at;
  if (at.ndim === 0) return reshape(at, [1]);
  throw new ShapeError({ op, rule: "the index must have one dimension", received: formatShape(at.shape) });
}

/**
 * The slices of `x` at the positions `index` (one dimension) along `dim`: `out[i] = x[index[i]]` for dim 0.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for an index outside the dimension.
 */
export function indexSelect(x: TensorArg, dim: number, index: TensorArg): Tensor {
  const t = asTensor(x);
  const at = line("indexSelect", index);
  const attrs = { dim: normalizeDim("indexSelect", dim, t.ndim) };
  return t.ndim > 0 ? apply(definition, [t, at], attrs) : reshape(apply(definition, [reshape(t, [1]), at], attrs), []);
}

/**
 * A copy of `x` with `alpha` (default 1) times the slices of `source` added at the positions `index` along `dim`; indices may repeat.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for an index outside the dimension.
 */
export function indexAdd(
  x: TensorArg,
  dim: number,
  index: TensorArg,
  source: TensorArg,
  { alpha = 1 }: { readonly alpha?: number } = {},
): Tensor {
  const t = asTensor(x);
  if (t.dtype === "bool") {
    // Or, computed as int64.
    return indexAdd(t.to("int64"), dim, index, asTensor(source).to("int64"), { alpha }).to("bool");
  }
  const given = asTensor(source).to(t.dtype);
  const scaled = alpha === 1 ? given : given.mul(alpha);
  const attrs = { dim: normalizeDim("indexAdd", dim, t.ndim) };
  const at = line("indexAdd", index);
  if (t.ndim > 0) return apply(addDefinition, [t, at, scaled], attrs);
  return reshape(apply(addDefinition, [reshape(t, [1]), at, reshape(scaled, [1])], attrs), []);
}

/**
 * The elements of `x`, read in row-major order, at positions `index`; the result has the index's shape. Negative positions count from the end.
 * @throws DTypeError; IndexOutOfRangeError for a position outside.
 */
export function take(x: TensorArg, index: TensorArg): Tensor {
  const t = asTensor(x);
  const at = indexArgument("take", index).to("int64");
  const positions = where(at.ge(0), at, at.add(t.size));
  return reshape(indexSelect(reshape(t, [-1]), 0, reshape(positions, [-1])), at.shape);
}
