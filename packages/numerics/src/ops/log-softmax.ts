import { asTensor } from "../create.ts";
import { around, floatDType } from "../families/along-dim.ts";
import { lowerAlongAxis } from "../families/axis-onnx.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { softmax, softmaxGrad } from "./softmax.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

interface Dim {
  readonly dim: number;
}

const definition: OneOutput<Dim> = {
  name: "logSoftmax",
  shape: ([x]) => ({ shape: x!.shape, dtype: floatDType("logSoftmax", x!) }),
  forward: (k, [x], { dim }, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    if (y.size > 0) k.logSoftmax[spec.dtype as "float32"](contiguous(x!).ptr, y.ptr, ...around(spec.shape, dim));
    return y;
  },
  gradient: ({ inputs: [x], dy, attrs }) => [apply(gradDefinition, [x!, dy], attrs)],
  onnx: (g, [x], { dim }) => lowerAlongAxis(g, "LogSoftmax", x!, dim),
};

/** `dx = dy - softmax(x) * sum(dy)`, from x because the result's rounding would show. */
const gradDefinition: OneOutput<Dim> = {
  name: "logSoftmaxGrad",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (k, [x, dy], { dim }, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    if (dx.size > 0) {
      const [from, g] = [contiguous(x!).ptr, contiguous(dy!).ptr];
      k.logSoftmaxGrad[spec.dtype as "float32"](from, g, dx.ptr, ...around(spec.shape, dim));
    }
    return dx;
  },
  gradient: ({ inputs: [x, dy], dy: v, attrs: { dim } }) => {
    const along = (t: Tensor) => sum(t, dim, { keepdim: true });
    const p = softmax(x!, dim);
    return [neg(mul(softmaxGrad(p, v, dim), along(dy!))), sub(v, along(mul(p, v)))];
  },
  onnx: unsupported("it appears in gradients only"),
};

/**
 * `logSoftmax(x)_i = x_i - log(sum_j exp(x_j))` along `dim`; same shape.
 *
 * Computed as (x_i - max) - log1p(sum of the other exponentials) in float64 and rounded once, so that the winner of a confident row keeps
 * its small logarithm: [20, 0] gives -2.0611536e-9 for the first. A -inf gives -inf.
 * Differs from PyTorch: exact where its float32 chain is not; a row with one +inf is its limit (0, all others -inf), not NaN.
 */
export function logSoftmax(x: TensorArg, dim: number): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], { dim: normalizeDim("logSoftmax", dim, t.ndim) });
}
