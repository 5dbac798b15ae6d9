import { floating, unaryOp } from "../families/unary.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { gt } from "./gt.ts";
import { mul } from "./mul.ts";
import { where } from "./where.ts";

interface EluAttrs {
  readonly name: "Elu" | "Selu" | "Celu";
  readonly alpha: number;
  readonly scale: number;
  readonly rate: number;
}

const op = /* @__PURE__ */ unaryOp<EluAttrs>({
  name: "elu",
  kernel: (k) => k.elu,
  grad: (k) => k.eluGrad,
  parameters: ({ alpha, scale, rate }) => [alpha, scale, rate],
  second: (x, { rate }, derivative) => where(gt(x, 0), 0, mul(derivative(x), rate)),
  onnx: (g, [x], { name, alpha }) => {
    if (name !== "Celu" || x!.dtype === "float32") return g.node(name, [x!], name === "Selu" ? {} : { alpha });
    // ONNX has Celu in float32 only.
    const power = g.node("Exp", [g.node("Div", [g.node("Min", [x!, g.constant(0)]), g.constant(alpha)])]);
    const below = g.node("Mul", [g.node("Sub", [power, g.constant(1)]), g.constant(alpha)]);
    return g.node("Add", [g.node("Relu", [x!]), below]);
  },
});

/**
 * `x` above 0, `alpha (e^x - 1)` below (https://arxiv.org/abs/1511.07289).
 * @param options.alpha default 1
 */
export function elu(x: TensorArg, { alpha = 1 }: { readonly alpha?: number } = {}): Tensor {
  return apply(op, [floating(x)], { name: "Elu", alpha, scale: 1, rate: 1 });
}

/** `scale` times `elu` with the alpha that keeps mean 0 and variance 1 (https://arxiv.org/abs/1706.02515). */
export function selu(x: TensorArg): Tensor {
  return apply(op, [floating(x)], { name: "Selu", alpha: 1.6732632423543772, scale: 1.0507009873554805, rate: 1 });
}

/**
 * `x` above 0, `alpha (e^(x / alpha) - 1)` below: smooth at 0 for any alpha (https://arxiv.org/abs/1704.07483).
 * @param options.alpha default 1
 */
export function celu(x: TensorArg, { alpha = 1 }: { readonly alpha?: number } = {}): Tensor {
  return apply(op, [floating(x)], { name: "Celu", alpha, scale: 1, rate: 1 / alpha });
}
