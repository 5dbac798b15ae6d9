import { contiguousCopy } from "../copy.ts";
import { asTensor, full, zeros } from "../create.ts";
import { itemSize } from "../dtype.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { checkedIndices, indexArgument } from "../families/indexing.ts";
import { apply, type OneOutput } from "../op.ts";
import { contiguousStrides, formatShape, normalizeDim, type Shape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { checkIndexShape, gather } from "./gather.ts";
import { slice } from "./slice.ts";
import { unsqueeze } from "./squeeze.ts";
import { to } from "./to.ts";

interface Dim {
  readonly dim: number;
}

function scattering(name: "scatter" | "scatterAdd"): OneOutput<Dim> {
  return {
    name,
    shape: ([x, index, source], { dim }) => {
      checkIndexShape(name, x!, index!, dim);
      const fits = index!.shape.length === source!.shape.length && index!.shape.every((n, d) => n <= source!.shape[d]!);
      if (!fits) {
        throw new ShapeError({
          op: name,
          rule: "the source does not cover the index",
          received: `source ${formatShape(source!.shape)}, index ${formatShape(index!.shape)}`,
        });
      }
      if (x!.dtype !== source!.dtype) {
        throw new DTypeError({
          op: name,
          rule: "source and tensor differ in dtype",
          received: source!.dtype,
          expected: x!.dtype,
        });
      }
      return { shape: x!.shape, dtype: x!.dtype };
    },
    forward: (k, [x, index, source], { dim }, spec) => {
      const indices = checkedIndices(name, index!, x!.shape[dim] ?? 1);
      const y = contiguousCopy(x!);
      if (indices.size === 0) return y;
      const values = contiguous(cutTo(source!, index!.shape));
      const strides = x!.ndim === 0 ? index!.shape.map(() => 0) : contiguousStrides(y.shape);
      const args = [values.ptr, indices.ptr, y.ptr, index!.shape, strides, dim] as const;
      if (name === "scatter") k.scatter[itemSize(spec.dtype)](...args);
      else k.scatterAdd[spec.dtype as "float32"](...args);
      return y;
    },
    gradient: ({ inputs: [, index], dy, attrs, specs: [, , source], needs }) => {
      const { dim } = attrs;
      const own = name === "scatterAdd" ? dy : needs[0] ? scatter(dy, dim, index!, 0) : null;
      return [own, null, needs[2] ? padTo(gather(dy, dim, index!), source!.shape) : null];
    },
    saves: { inputs: [1] },
    onnx: (g, [x, index, source], { dim }) => {
      const reduction = name === "scatterAdd" ? "add" : undefined;
      return g.node("ScatterElements", [x!, g.cast(index!, "int64"), source!], { axis: dim, reduction });
    },
  };
}

// The part of the source that the index speaks of.
function cutTo(source: Tensor, shape: Shape): Tensor {
  return shape.reduce((t, size, dim) => (t.shape[dim] === size ? t : slice(t, dim, { end: size })), source);
}

function padTo(part: Tensor, shape: Shape): Tensor {
  if (shape.every((s, d) => s === part.shape[d])) return part;
  // Positions of the part within the whole, one dimension after the other.
  return shape.reduce((t, size, dim) => {
    if (t.shape[dim] === size) return t;
    const whole = t.shape.map((s, d) => (d === dim ? size : s));
    const places = Float64Array.from({ length: t.shape[dim]! }, (_, i) => i);
    const column = to(asTensor(places), "int64").reshape(t.shape.map((s, d) => (d === dim ? s : 1)));
    return scatter(zeros(whole, { dtype: t.dtype }), dim, column.expand(t.shape), t);
  }, part);
}

const scatterDefinition = scattering("scatter");
const scatterAddDefinition = scattering("scatterAdd");

function sourceTensor(source: TensorArg, x: Tensor, index: Tensor): Tensor {
  return typeof source === "number" ? full(index.shape, source, { dtype: x.dtype }) : asTensor(source);
}

/**
 * A copy of `x` with `source` written at positions along `dim`: `out[index[i][j]][j] = source[i][j]` for dim 0. `source` may be a number. Where
 * indices repeat, the last one in row-major order stays.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for an index outside the dimension.
 */
export function scatter(x: TensorArg, dim: number, index: TensorArg, source: TensorArg): Tensor {
  const t = asTensor(x);
  const at = indexArgument("scatter", index);
  return apply(scatterDefinition, [t, at, sourceTensor(source, t, at)], { dim: normalizeDim("scatter", dim, t.ndim) });
}

/** `scatter` that adds to what is there; indices may repeat. */
export function scatterAdd(x: TensorArg, dim: number, index: TensorArg, source: TensorArg): Tensor {
  const t = asTensor(x);
  const at = indexArgument("scatterAdd", index);
  const attrs = { dim: normalizeDim("scatterAdd", dim, t.ndim) };
  return apply(scatterAddDefinition, [t, at, sourceTensor(source, t, at)], attrs);
}

/** Zeros of `shape` with the values of a reduction along one dimension at the places where they were found. For gradients. */
export function scatterTo(
  shape: Shape,
  { dim, keepdim }: { readonly dim: number; readonly keepdim: boolean },
  index: Tensor,
  values: Tensor,
): Tensor {
  if (shape.length === 0) return values;
  const [at, source] = keepdim ? [index, values] : [unsqueeze(index, dim), unsqueeze(values, dim)];
  return scatter(zeros(shape, { dtype: values.dtype }), dim, at, source);
}
