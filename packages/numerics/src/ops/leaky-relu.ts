import { zeros } from "../create.ts";
import { floating, unaryOp } from "../families/unary.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const op = /* @__PURE__ */ unaryOp<{ readonly negativeSlope: number }>({
  name: "leakyRelu",
  kernel: (k) => k.leakyRelu,
  grad: (k) => k.leakyReluGrad,
  parameters: ({ negativeSlope }) => [negativeSlope],
  second: (x) => zeros(x.shape, { dtype: x.dtype }),
  onnx: (g, [x], { negativeSlope }) => g.node("LeakyRelu", [x!], { alpha: negativeSlope }),
});

/**
 * `x` above 0, `negativeSlope * x` below; the derivative at 0 is the negative slope.
 * @param options.negativeSlope default 0.01
 */
export function leakyRelu(x: TensorArg, { negativeSlope = 0.01 }: { readonly negativeSlope?: number } = {}): Tensor {
  return apply(op, [floating(x)], { negativeSlope });
}
