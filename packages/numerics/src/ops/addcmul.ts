import { isFloatingPoint } from "../dtype.ts";
import { ternaryOp, threeOperands } from "../families/ternary.ts";
import { floating } from "../families/unary.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { div } from "./div.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";

interface Scaled {
  readonly value: number;
}

const product = /* @__PURE__ */ ternaryOp<Scaled>({
  name: "addcmul",
  kernel: (k) => k.addcmul,
  value: ({ value }) => value,
  gradient: ({ inputs: [, b, c], dy, attrs: { value }, needs }) => [
    dy,
    needs[1] ? mul(mul(dy, c!), value) : null,
    needs[2] ? mul(mul(dy, b!), value) : null,
  ],
  onnx: (g, [a, b, c], { value }) => {
    return g.node("Add", [a!, g.node("Mul", [g.node("Mul", [b!, c!]), g.constant(value)])]);
  },
});

const quotient = /* @__PURE__ */ ternaryOp<Scaled>({
  name: "addcdiv",
  kernel: (k) => k.addcdiv,
  value: ({ value }) => value,
  gradient: ({ inputs: [, b, c], dy, attrs: { value }, needs }) => [
    dy,
    needs[1] ? mul(div(dy, c!), value) : null,
    needs[2] ? mul(div(mul(dy, b!), square(c!)), -value) : null,
  ],
  onnx: (g, [a, b, c], { value }) => {
    return g.node("Add", [a!, g.node("Mul", [g.node("Div", [b!, c!]), g.constant(value)])]);
  },
});

export interface ScaleOptions {
  /** The factor of the second term. Default 1. */
  readonly value?: number;
}

/** `x + value * a * b`, with broadcasting, rounded once; whole numbers stay whole and take the whole part of `value`. */
export function addcmul(x: TensorArg, a: TensorArg, b: TensorArg, { value = 1 }: ScaleOptions = {}): Tensor {
  const [p, q, r] = threeOperands(x, a, b);
  if (isFloatingPoint(p.dtype)) return apply(product, [p, q, r], { value });
  return add(p, mul(mul(q, r), Math.trunc(value)));
}

/** `x + value * a / b`, with broadcasting, rounded once. */
export function addcdiv(x: TensorArg, a: TensorArg, b: TensorArg, { value = 1 }: ScaleOptions = {}): Tensor {
  return apply(quotient, threeOperands(x, a, b).map(floating), { value });
}
