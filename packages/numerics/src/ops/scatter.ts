import { contiguousCopy } from "../copy.ts";
import { asTensor, full, zeros } from "../create.ts";
import { itemSize } from "../dtype.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { checkedIndices, indexArgument } from "../families/indexing.ts";
import { apply, type OneOutput } from "../op.ts";
import { contiguousStrides, formatShape, normalizeDim, type Shape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { div } from "./div.ts";
import { checkIndexShape, gather } from "./gather.ts";
import { mul } from "./mul.ts";
import { slice } from "./slice.ts";
import { unsqueeze } from "./squeeze.ts";
import { to } from "./to.ts";

interface Dim {
  readonly dim: number;
}

function scattering(name: "scatter" | "scatterAdd" | "scatterMultiply"): OneOutput<Dim> {
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
      else k[name][spec.dtype as "float32"](...args);
      return y;
    },
    gradient: ({ inputs: [x, index, factors], dy, attrs, specs: [, , source], needs }) => {
      if (name === "scatterMultiply") return multiplyGradients(x!, index!, factors!, dy, attrs.dim);
      const { dim } = attrs;
      const own = name === "scatterAdd" ? dy : needs[0] ? scatter(dy, dim, index!, 0) : null;
      return [own, null, needs[2] ? padTo(gather(dy, dim, index!), source!.shape) : null];
    },
    saves: { inputs: name === "scatterMultiply" ? "all" : [1] },
    onnx: (g, [x, index, source], { dim }) => {
      const reduction = name === "scatterAdd" ? "add" : name === "scatterMultiply" ? "mul" : undefined;
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

// Indices that repeat multiply each other too, so that a factor's gradient is the product divided by it.
function multiplyGradients(x: Tensor, index: Tensor, factors: Tensor, dy: Tensor, dim: number): (Tensor | null)[] {
  const product = scatter(x, dim, index, factors, { reduce: "multiply" });
  const ones = full(x.shape, 1, { dtype: x.dtype });
  const own = mul(dy, scatter(ones, dim, index, factors, { reduce: "multiply" }));
  const cut = cutTo(factors, index.shape);
  return [own, null, padTo(div(gather(mul(dy, product), dim, index), cut), factors.shape)];
}

const scatterDefinition = scattering("scatter");
const scatterAddDefinition = scattering("scatterAdd");
const scatterMultiplyDefinition = scattering("scatterMultiply");

export interface ScatterOptions {
  /** What happens to the value that is there. Default: it is replaced. Repeated indices add (multiply) one after the other. */
  readonly reduce?: "add" | "multiply";
}

function sourceTensor(source: TensorArg, x: Tensor, index: Tensor): Tensor {
  return typeof source === "number" ? full(index.shape, source, { dtype: x.dtype }) : asTensor(source);
}

/**
 * A copy of `x` with `source` written at positions along `dim`: `out[index[i][j]][j] = source[i][j]` for dim 0. `source` may be a number. Where
 * indices repeat, the last one in row-major order stays.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for an index outside the dimension.
 */
export function scatter(
  x: TensorArg,
  dim: number,
  index: TensorArg,
  source: TensorArg,
  { reduce }: ScatterOptions = {},
): Tensor {
  const t = asTensor(x);
  const at = indexArgument("scatter", index);
  const attrs = { dim: normalizeDim("scatter", dim, t.ndim) };
  const given = sourceTensor(source, t, at);
  if (reduce === undefined) return apply(scatterDefinition, [t, at, given], attrs);
  const definition = reduce === "add" ? scatterAddDefinition : scatterMultiplyDefinition;
  return t.dtype === "bool" ? logical(definition, t, at, given, attrs) : apply(definition, [t, at, given], attrs);
}

// Bool computes as int64: or for sums, and for products.
function logical(definition: OneOutput<Dim>, x: Tensor, index: Tensor, source: Tensor, attrs: Dim): Tensor {
  return to(apply(definition, [to(x, "int64"), index, to(source, "int64")], attrs), "bool");
}

/** `scatter` that adds to what is there; indices may repeat. */
export function scatterAdd(x: TensorArg, dim: number, index: TensorArg, source: TensorArg): Tensor {
  const t = asTensor(x);
  const at = indexArgument("scatterAdd", index);
  return scatter(t, dim, at, source, { reduce: "add" });
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
