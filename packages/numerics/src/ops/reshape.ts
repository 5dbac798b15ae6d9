import { contiguousCopy } from "../copy.ts";
import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { apply, type OneOutput } from "../op.ts";
import { contiguousStrides, formatShape, normalizeDim, type Shape, sizeOfShape } from "../shape.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";

const definition: OneOutput<{ readonly shape: Shape }> = {
  name: "reshape",
  shape: ([x], { shape }) => ({ shape, dtype: x!.dtype }),
  forward: (_k, [x], { shape }) => {
    const strides = viewStrides(x!, shape);
    if (strides !== null) return viewOf(x!, shape, strides, x!.offset);
    const copy = contiguousCopy(x!);
    return viewOf(copy, shape, contiguousStrides(shape), 0);
  },
  gradient: ({ dy, specs }) => [reshape(dy, specs[0]!.shape)],
  saves: { inputs: "none" },
  // Without the attribute a 0 would copy the input's size.
  onnx: (g, [x], { shape }) => g.node("Reshape", [x!, g.ints(shape)], { allowzero: shape.includes(0) ? 1 : undefined }),
};

/**
 * The same elements in row-major order under another shape; one size may be -1 and follows from the others.
 * Shares memory with `x` where its strides allow, else copies.
 * @throws ShapeError if the number of elements differs.
 */
export function reshape(x: TensorArg, shape: Shape): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], { shape: resolve("reshape", t, shape) });
}

/**
 * `reshape` that never copies.
 * @throws ShapeError if the strides do not allow it.
 */
export function view(x: Tensor, shape: Shape): Tensor {
  const resolved = resolve("view", x, shape);
  if (viewStrides(x, resolved) === null) {
    throw new ShapeError({
      op: "view",
      rule: "the elements do not lie in memory as the shape needs",
      received: `shape ${formatShape(x.shape)}, strides ${formatShape(x.strides)}`,
      expected: `memory that can be read as ${formatShape(resolved)}`,
      hint: "Call reshape(), which copies where it must",
    });
  }
  return apply(definition, [x], { shape: resolved });
}

/** Dimensions `startDim` to `endDim` (both included) merged into one. A scalar becomes one-dimensional. */
export function flatten(x: TensorArg, startDim = 0, endDim = -1): Tensor {
  const t = asTensor(x);
  const start = normalizeDim("flatten", startDim, t.ndim);
  const end = normalizeDim("flatten", endDim, t.ndim);
  if (start > end) {
    throw new ShapeError({ op: "flatten", rule: "startDim lies behind endDim", received: `${startDim} and ${endDim}` });
  }
  if (t.ndim === 0) return reshape(t, [1]);
  if (start === end) return t;
  return reshape(t, [
    ...t.shape.slice(0, start),
    sizeOfShape(t.shape.slice(start, end + 1)),
    ...t.shape.slice(end + 1),
  ]);
}

/** Dimension `dim` split into `sizes`; one of them may be -1. */
export function unflatten(x: TensorArg, dim: number, sizes: Shape): Tensor {
  const t = asTensor(x);
  const at = normalizeDim("unflatten", dim, t.ndim);
  const known = sizes.filter((s) => s !== -1);
  const inner = sizes.map((s) => (s === -1 ? t.shape[at]! / sizeOfShape(known) : s));
  if (sizeOfShape(inner) !== t.shape[at] || inner.some((s) => !Number.isInteger(s))) {
    throw new ShapeError({
      op: "unflatten",
      rule: "the sizes do not multiply to the dimension",
      received: `${formatShape(sizes)} for dimension ${dim} of ${formatShape(t.shape)}`,
    });
  }
  return reshape(t, [...t.shape.slice(0, at), ...inner, ...t.shape.slice(at + 1)]);
}

function resolve(op: string, x: Tensor, shape: Shape): Shape {
  const unknown = shape.indexOf(-1);
  const known = sizeOfShape(shape.filter((s) => s !== -1));
  const out = unknown < 0 ? shape : shape.map((s, i) => (i === unknown ? x.size / known : s));
  const valid = out.every((s) => Number.isInteger(s) && s >= 0) && sizeOfShape(out) === x.size;
  if (!valid) {
    throw new ShapeError({
      op,
      rule: "the number of elements differs",
      received: `${formatShape(x.shape)} (${x.size} elements) as ${formatShape(shape)}`,
      expected: "sizes of 0 or more, at most one -1, that multiply to the number of elements",
    });
  }
  return out;
}

/** Strides that read x's memory under `shape`, or null if there are none. */
function viewStrides(x: Tensor, shape: Shape): number[] | null {
  if (x.isContiguous()) return contiguousStrides(shape);
  // Each run of x's dimensions that lies in memory without gaps must hold a whole number of the new dimensions.
  const strides = new Array<number>(shape.length);
  let to = shape.length - 1;
  let runSize = 1;
  let runStride = 1;
  for (let from = x.ndim - 1; from >= 0; from--) {
    if (runSize === 1) runStride = x.strides[from]!;
    runSize *= x.shape[from]!;
    const ends = from === 0 || (x.shape[from - 1] !== 1 && x.strides[from - 1] !== runSize * runStride);
    if (!ends) continue;
    let taken = 1;
    while (to >= 0 && (taken < runSize || shape[to] === 1)) {
      strides[to] = taken * runStride;
      taken *= shape[to--]!;
    }
    if (taken !== runSize) return null;
    runSize = 1;
  }
  return to === -1 ? strides : null;
}
