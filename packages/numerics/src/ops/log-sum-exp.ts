import { asTensor } from "../create.ts";
import { around, floatDType } from "../families/along-dim.ts";
import {
  type ReductionAttrs,
  type ReductionOptions,
  reducedShape,
  reduceNode,
  reductionAttrs,
} from "../families/reduction.ts";
import { apply, type OneOutput } from "../op.ts";
import { sizeOfShape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { mul } from "./mul.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { softmax } from "./softmax.ts";

/** `x` with the reduced dimensions last and merged, and the way back. */
function merged(x: Tensor, dims: readonly number[]): { rows: Tensor; order: number[]; kept: number[] } {
  const kept = x.shape.map((_, i) => i).filter((i) => !dims.includes(i));
  const order = [...kept, ...dims];
  const sizes = kept.map((d) => x.shape[d]!);
  const n = sizeOfShape(dims.map((d) => x.shape[d]!));
  return { rows: reshape(permute(x, order), [...sizes, n]), order, kept: sizes };
}

const definition: OneOutput<ReductionAttrs> = {
  name: "logSumExp",
  shape: ([x], attrs) => ({ shape: reducedShape(x!.shape, attrs), dtype: floatDType("logSumExp", x!) }),
  forward: (k, [x], { dims }, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const dtype = spec.dtype as "float32";
    if (y.size === 0) return y;
    if (dims.length === 1) {
      k.logSumExp[dtype](contiguous(x!).ptr, y.ptr, ...around(x!.shape, dims[0]!));
    } else {
      const { rows } = merged(x!, dims);
      k.logSumExp[dtype](contiguous(rows).ptr, y.ptr, y.size, rows.shape.at(-1)!, 1);
    }
    return y;
  },
  gradient: ({ inputs: [x], dy, attrs: { dims } }) => {
    const { rows, order, kept } = merged(x!, dims);
    const grads = mul(softmax(rows, -1), reshape(dy, [...kept, 1]));
    const back = order.map((_, d) => order.indexOf(d));
    return [
      permute(
        reshape(
          grads,
          order.map((d) => x!.shape[d]!),
        ),
        back,
      ),
    ];
  },
  onnx: reduceNode("ReduceLogSumExp", 18),
};

/**
 * `log(sum(exp(x)))` over `dim` (one, several, or all by default), without overflow: the maximum is taken out, the sum and its logarithm are
 * float64, the result is rounded once. Nothing gives -inf. The gradient is softmax(x).
 * Differs from PyTorch: `dim` may be left out.
 */
export function logSumExp(x: TensorArg, dim?: number | readonly number[], options: ReductionOptions = {}): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], reductionAttrs("logSumExp", t, dim, options));
}
