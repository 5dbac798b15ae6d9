import { asTensor } from "../create.ts";
import { around, floatDType } from "../families/along-dim.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { engine } from "../runtime.ts";
import { normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

interface LogcumsumexpAttrs {
  readonly dim: number;
  readonly reverse: boolean;
}

const definition: OneOutput<LogcumsumexpAttrs> = {
  name: "logcumsumexp",
  shape: ([x]) => ({ shape: x!.shape, dtype: floatDType("logcumsumexp", x!) }),
  forward: (k, [x], { dim, reverse }, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const source = contiguous(x!).ptr;
    k.logcumsumexp[spec.dtype as "float32"](source, y.ptr, ...around(spec.shape, dim), reverse ? 1 : 0);
    return y;
  },
  gradient: ({ inputs: [x], dy, attrs }) => [apply(gradDefinition, [x!, dy], attrs)],
  // The standard has no such scan: every sum for itself, over a square of which a triangle counts.
  onnx: (g, [x], { dim, reverse }) => {
    const n = x!.shape[dim];
    if (n === undefined) return g.node("Identity", [x!]);
    const inside = (row: number, column: number) => (reverse ? column >= row : column <= row);
    const triangle = Uint8Array.from({ length: n * n }, (_, i) => Number(inside(Math.floor(i / n), i % n)));
    const shape = [n, n, ...x!.shape.slice(dim + 1).map(() => 1)];
    const mask = g.constant(triangle, { dtype: "bool", shape });
    const spread = g.node("Where", [
      mask,
      g.node("Unsqueeze", [x!, g.ints([dim])]),
      g.constant(Number.NEGATIVE_INFINITY),
    ]);
    return g.node("ReduceLogSumExp", [spread, g.ints([dim + 1])], { keepdims: 0 });
  },
};

// With W[j, i] = e^(x_i - y_j) for i <= j, W^T and W along one dimension, each the other's gradient. The derivative of g W v with respect to x is
// v (W^T g) - W^T (g (W v)).
function derivativeToX(x: Tensor, g: Tensor, v: Tensor, attrs: LogcumsumexpAttrs): Tensor {
  const product = mul(v, apply(gradDefinition, [x, g], attrs));
  return sub(product, apply(gradDefinition, [x, mul(g, apply(tangentDefinition, [x, v], attrs))], attrs));
}

const gradDefinition: OneOutput<LogcumsumexpAttrs> = {
  name: "logcumsumexpGrad",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x, g], { dim, reverse }, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    const sizes = around(spec.shape, dim);
    const [a, b] = [contiguous(x!), contiguous(g!)];
    const scratch = engine().scratch(engine().threads * 16 * sizes[1]);
    k.logcumsumexpGrad[spec.dtype as "float32"](a.ptr, b.ptr, dx.ptr, scratch, ...sizes, reverse ? 1 : 0);
    return dx;
  },
  gradient: ({ inputs: [x, g], dy: v, attrs }) => [
    derivativeToX(x!, g!, v, attrs),
    apply(tangentDefinition, [x!, v], attrs),
  ],
  onnx: unsupported("it appears in gradients only"),
};

const tangentDefinition: OneOutput<LogcumsumexpAttrs> = {
  name: "logcumsumexpTangent",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x, v], { dim, reverse }, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    const [a, b] = [contiguous(x!), contiguous(v!)];
    k.logcumsumexpTangent[spec.dtype as "float32"](a.ptr, b.ptr, y.ptr, ...around(spec.shape, dim), reverse ? 1 : 0);
    return y;
  },
  gradient: ({ inputs: [x, v], dy: g, attrs }) => [
    derivativeToX(x!, g, v!, attrs),
    apply(gradDefinition, [x!, g], attrs),
  ],
  onnx: unsupported("it appears in gradients only"),
};

export interface LogcumsumexpOptions {
  /** From the end: `out_i = log(e^x_i + ... + e^x_n)`. Default false. */
  readonly reverse?: boolean;
}

/**
 * Running `log(sum(exp(x)))` along `dim`: `out_i = log(e^x_0 + ... + e^x_i)`, without overflow and in float64. Nothing but -inf gives -inf, and has gradient 0;
 * equal +inf share the gradient.
 * Differs from PyTorch: `reverse`; gradients at infinities are limits.
 * @throws DTypeError unless the elements are float32 or float64.
 */
export function logcumsumexp(x: TensorArg, dim: number, options: LogcumsumexpOptions = {}): Tensor {
  const t = asTensor(x);
  const attrs = { dim: normalizeDim("logcumsumexp", dim, t.ndim), reverse: options.reverse ?? false };
  return apply(definition, [t], attrs);
}
