import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { apply, type OneOutput } from "../op.ts";
import { formatShape, normalizeDim } from "../shape.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";

const definition: OneOutput<{ readonly dims: readonly number[] }> = {
  name: "permute",
  shape: ([x], { dims }) => ({ shape: dims.map((d) => x!.shape[d]!), dtype: x!.dtype }),
  forward: (_k, [x], { dims }, spec) =>
    viewOf(
      x!,
      spec.shape,
      dims.map((d) => x!.strides[d]!),
      x!.offset,
    ),
  gradient: ({ dy, attrs: { dims } }) => [permute(dy, inverse(dims))],
  saves: { inputs: "none" },
  onnx: (g, [x], { dims }) => g.node("Transpose", [x!], { perm: dims }),
};

function inverse(dims: readonly number[]): number[] {
  const out = new Array<number>(dims.length);
  for (let i = 0; i < dims.length; i++) out[dims[i]!] = i;
  return out;
}

/**
 * The dimensions in another order: dimension i of the result is dimension `dims[i]` of `x`. Shares memory.
 * @throws ShapeError unless `dims` names every dimension once.
 */
export function permute(x: TensorArg, dims: readonly number[]): Tensor {
  const t = asTensor(x);
  const order = dims.map((d) => normalizeDim("permute", d, t.ndim));
  if (order.length !== t.ndim || new Set(order).size !== t.ndim) {
    throw new ShapeError({
      op: "permute",
      rule: "every dimension must be named once",
      received: `dims ${formatShape(dims)} for shape ${formatShape(t.shape)}`,
    });
  }
  return apply(definition, [t], { dims: order });
}

/** Two dimensions swapped. Shares memory. */
export function transpose(x: TensorArg, dim0: number, dim1: number): Tensor {
  const t = asTensor(x);
  const a = normalizeDim("transpose", dim0, t.ndim);
  const b = normalizeDim("transpose", dim1, t.ndim);
  const order = t.shape.map((_, i) => (i === a ? b : i === b ? a : i));
  return apply(definition, [t], { dims: order });
}

/** The transpose of a matrix; vectors and scalars stay as they are. Shares memory. */
export function t(x: TensorArg): Tensor {
  const m = asTensor(x);
  if (m.ndim > 2) {
    throw new ShapeError({
      op: "t",
      rule: "takes at most two dimensions",
      received: formatShape(m.shape),
      hint: "Use transpose(dim0, dim1) or permute(dims)",
    });
  }
  return m.ndim < 2 ? m : transpose(m, 0, 1);
}

/** Dimensions `source` moved to the places `destination`; the others keep their order. Shares memory. */
export function movedim(
  x: TensorArg,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const m = asTensor(x);
  const from = [source].flat().map((d) => normalizeDim("movedim", d as number, m.ndim));
  const to = [destination].flat().map((d) => normalizeDim("movedim", d as number, m.ndim));
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ShapeError({
      op: "movedim",
      rule: "source and destination must name as many different dimensions",
      received: `${formatShape(from)} and ${formatShape(to)}`,
    });
  }
  const order = new Array<number>(m.ndim).fill(-1);
  for (let i = 0; i < from.length; i++) order[to[i]!] = from[i]!;
  const rest = m.shape.map((_, i) => i).filter((i) => !from.includes(i));
  return apply(definition, [m], { dims: order.map((d) => (d < 0 ? rest.shift()! : d)) });
}
