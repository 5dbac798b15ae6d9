import { asTensor } from "../create.ts";
import { apply, type OneOutput } from "../op.ts";
import { normalizeDim, normalizeDims } from "../shape.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";

interface Dims {
  readonly dims: readonly number[];
}

const squeezeDefinition: OneOutput<Dims> = {
  name: "squeeze",
  shape: ([x], { dims }) => ({ shape: x!.shape.filter((_, i) => !dims.includes(i)), dtype: x!.dtype }),
  forward: (_k, [x], { dims }, spec) =>
    viewOf(
      x!,
      spec.shape,
      x!.strides.filter((_, i) => !dims.includes(i)),
      x!.offset,
    ),
  gradient: ({ dy, attrs }) => [apply(unsqueezeDefinition, [dy], attrs)],
  saves: { inputs: "none" },
  // No axes would mean every dimension of size 1.
  onnx: (g, [x], { dims }) => (dims.length === 0 ? g.node("Identity", [x!]) : g.node("Squeeze", [x!, g.ints(dims)])),
};

const unsqueezeDefinition: OneOutput<Dims> = {
  name: "unsqueeze",
  shape: ([x], { dims }) => ({ shape: spread(x!.shape, dims, 1), dtype: x!.dtype }),
  forward: (_k, [x], { dims }, spec) => viewOf(x!, spec.shape, spread(x!.strides, dims, 0), x!.offset),
  gradient: ({ dy, attrs }) => [apply(squeezeDefinition, [dy], attrs)],
  saves: { inputs: "none" },
  onnx: (g, [x], { dims }) => g.node("Unsqueeze", [x!, g.ints(dims)]),
};

/** `values` with `filler` inserted so that it stands at each of the ascending positions `at`. */
function spread(values: readonly number[], at: readonly number[], filler: number): number[] {
  const out = [...values];
  for (const i of at) out.splice(i, 0, filler);
  return out;
}

/** Without the dimensions `dim` (default: all) whose size is 1; others stay. Shares memory. */
export function squeeze(x: TensorArg, dim?: number | readonly number[]): Tensor {
  const t = asTensor(x);
  const dims = normalizeDims("squeeze", dim, t.ndim).filter((d) => t.shape[d] === 1);
  return apply(squeezeDefinition, [t], { dims: dims.sort((a, b) => a - b) });
}

/** With a new dimension of size 1 at position `dim`; negative ones count from the end of the result. Shares memory. */
export function unsqueeze(x: TensorArg, dim: number): Tensor {
  const t = asTensor(x);
  return apply(unsqueezeDefinition, [t], { dims: [normalizeDim("unsqueeze", dim, t.ndim + 1)] });
}
