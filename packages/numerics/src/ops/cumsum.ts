import { asTensor } from "../create.ts";
import { around } from "../families/along-dim.ts";
import { apply, type OneOutput } from "../op.ts";
import { normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";

interface CumsumAttrs {
  readonly dim: number;
  /** Sums from the end: the gradient. */
  readonly reverse: boolean;
}

const definition: OneOutput<CumsumAttrs> = {
  name: "cumsum",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x], { dim, reverse }, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const sizes = around(spec.shape, dim);
    const source = contiguous(x!).ptr;
    if (spec.dtype === "int64") k.scanInt64(source, y.ptr, ...sizes, 0);
    else k.cumsum[spec.dtype as "float32"](source, y.ptr, ...sizes, reverse ? 1 : 0);
    return y;
  },
  gradient: ({ dy, attrs }) => [apply(definition, [dy], { ...attrs, reverse: !attrs.reverse })],
  saves: { inputs: "none" },
  onnx: (g, [x], { dim, reverse }) => {
    if (x!.shape.length === 0) return g.node("Identity", [x!]);
    return g.node("CumSum", [x!, g.constant(dim, { dtype: "int64" })], { reverse: reverse ? 1 : undefined });
  },
};

/** Running sums along `dim`: `out_i = x_0 + ... + x_i`. float32 accumulates in float64; integers and bool give int64. */
export function cumsum(x: TensorArg, dim: number): Tensor {
  const t = asTensor(x);
  const float = t.dtype === "float32" || t.dtype === "float64";
  const attrs = { dim: normalizeDim("cumsum", dim, t.ndim), reverse: false };
  return apply(definition, [float ? t : t.to("int64")], attrs);
}
