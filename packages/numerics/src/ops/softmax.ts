import { asTensor } from "../create.ts";
import { around, floatDType } from "../families/along-dim.ts";
import { lowerAlongAxis } from "../families/axis-onnx.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";
import { contiguous } from "./contiguous.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

interface Dim {
  readonly dim: number;
}

const definition: OneOutput<Dim> = {
  name: "softmax",
  shape: ([x]) => ({ shape: x!.shape, dtype: floatDType("softmax", x!) }),
  forward: (k, [x], { dim }, spec) => {
    const y = allocate(spec.shape, spec.dtype);
    if (y.size > 0) k.softmax[spec.dtype as "float32"](contiguous(x!).ptr, y.ptr, ...around(spec.shape, dim));
    return y;
  },
  gradient: ({ outputs: [y], dy, attrs }) => [softmaxGrad(y!, dy, attrs.dim)],
  saves: { inputs: "none", outputs: "all" },
  onnx: (g, [x], { dim }) => lowerAlongAxis(g, "Softmax", x!, dim),
};

/** `dx = y * (dy - sum(y * dy))`, taken relative to the winner's dy so that a confident row keeps its gradient. */
const gradDefinition: OneOutput<Dim> = {
  name: "softmaxGrad",
  shape: ([y]) => ({ shape: y!.shape, dtype: y!.dtype }),
  forward: (k, [y, dy], { dim }, spec) => {
    const dx = allocate(spec.shape, spec.dtype);
    if (dx.size > 0) {
      const [p, g] = [contiguous(y!).ptr, contiguous(dy!).ptr];
      k.softmaxGrad[spec.dtype as "float32"](p, g, dx.ptr, ...around(spec.shape, dim));
    }
    return dx;
  },
  gradient: ({ inputs: [y, dy], dy: v, attrs: { dim } }) => {
    const along = (t: Tensor) => sum(t, dim, { keepdim: true });
    const mean = along(mul(y!, dy!));
    const own = sub(mul(v, sub(dy!, mean)), mul(dy!, along(mul(v, y!))));
    return [own, softmaxGrad(y!, v, dim)];
  },
  onnx: unsupported("it appears in gradients only"),
};

/** The gradient of softmax from its result `y`. For authors of operations. */
export function softmaxGrad(y: Tensor, dy: Tensor, dim: number): Tensor {
  return apply(gradDefinition, [y, dy], { dim });
}

/**
 * `softmax(x)_i = exp(x_i) / sum_j exp(x_j)` along `dim`; same shape.
 *
 * The maximum is subtracted and the sum is float64: at most 2 units in the last place (1.3 measured), also in the gradient. A -inf
 * gets 0; one +inf gets 1. @throws DTypeError for integers.
 * Differs from PyTorch: a row with one +inf is its limit, not NaN.
 */
export function softmax(x: TensorArg, dim: number): Tensor {
  const t = asTensor(x);
  return apply(definition, [t], { dim: normalizeDim("softmax", dim, t.ndim) });
}
