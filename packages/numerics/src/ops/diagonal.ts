import { copyInto } from "../copy.ts";
import { asTensor, zeros } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { normalizeDim, type Shape } from "../shape.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";

interface DiagonalAttrs {
  readonly offset: number;
  readonly dim1: number;
  readonly dim2: number;
}

/** Shape, strides and first element of a diagonal. */
function lineOf(shape: Shape, strides: readonly number[], { offset, dim1, dim2 }: DiagonalAttrs) {
  const rows = shape[dim1]! - Math.max(0, -offset);
  const columns = shape[dim2]! - Math.max(0, offset);
  const length = Math.max(0, Math.min(rows, columns));
  const start = length === 0 ? 0 : Math.max(0, -offset) * strides[dim1]! + Math.max(0, offset) * strides[dim2]!;
  const others = shape.map((_, i) => i).filter((i) => i !== dim1 && i !== dim2);
  return {
    shape: [...others.map((i) => shape[i]!), length],
    strides: [...others.map((i) => strides[i]!), strides[dim1]! + strides[dim2]!],
    start,
  };
}

function viewed(x: Tensor, attrs: DiagonalAttrs): Tensor {
  const line = lineOf(x.shape, x.strides, attrs);
  return viewOf(x, line.shape, line.strides, x.offset + line.start);
}

const definition: OneOutput<DiagonalAttrs> = {
  name: "diagonal",
  shape: ([x], attrs) => ({
    shape: lineOf(
      x!.shape,
      x!.shape.map(() => 0),
      attrs,
    ).shape,
    dtype: x!.dtype,
  }),
  forward: (_k, [x], attrs) => viewed(x!, attrs),
  gradient: ({ dy, specs: [x], attrs }) => [apply(gradDefinition, [dy], { ...attrs, shape: x!.shape })],
  saves: { inputs: "none" },
  onnx: unsupported("the standard has no diagonal"),
};

/** Zeros with the input on the diagonal. */
const gradDefinition: OneOutput<DiagonalAttrs & { readonly shape: Shape }> = {
  name: "diagonalGrad",
  shape: ([dy], { shape }) => ({ shape, dtype: dy!.dtype }),
  forward: (_k, [dy], { shape, ...attrs }) => {
    const dx = zeros(shape, { dtype: dy!.dtype });
    if (dy!.size > 0) copyInto(viewed(dx, attrs), dy!);
    return dx;
  },
  gradient: ({ dy: v, attrs: { shape: _, ...attrs } }) => [apply(definition, [v], attrs)],
  saves: { inputs: "none" },
  onnx: unsupported("it appears in gradients only"),
};

export interface DiagonalOptions {
  /** 0 (default) is the main diagonal, positive ones lie above it. */
  readonly offset?: number;
  /** Default 0. */
  readonly dim1?: number;
  /** Default 1. */
  readonly dim2?: number;
}

/** The diagonal of the matrices that `dim1` and `dim2` span, as the last dimension. Shares memory. */
export function diagonal(x: TensorArg, options: DiagonalOptions = {}): Tensor {
  const t = asTensor(x);
  const { offset = 0 } = options;
  const [dim1, dim2] = [options.dim1 ?? 0, options.dim2 ?? 1].map((d) => normalizeDim("diagonal", d, t.ndim));
  if (dim1 === dim2) {
    throw new ArgumentError({ op: "diagonal", rule: "dim1 and dim2 must differ", received: `${dim1} twice` });
  }
  return apply(definition, [t], { offset, dim1: dim1!, dim2: dim2! });
}
