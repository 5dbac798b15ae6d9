import { ternaryOp, threeOperands } from "../families/ternary.ts";
import { floating } from "../families/unary.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

const op = /* @__PURE__ */ ternaryOp<object>({
  name: "lerp",
  kernel: (k) => k.lerp,
  gradient: ({ inputs: [a, b, w], dy, needs }) => [
    needs[0] ? mul(dy, sub(1, w!)) : null,
    needs[1] ? mul(dy, w!) : null,
    needs[2] ? mul(dy, sub(b!, a!)) : null,
  ],
  onnx: (g, [a, b, w]) => g.node("Add", [a!, g.node("Mul", [w!, g.node("Sub", [b!, a!])])]),
});

/** `start + weight * (end - start)`, with broadcasting; the weight is a number or a tensor. */
export function lerp(start: TensorArg, end: TensorArg, weight: TensorArg): Tensor {
  return apply(op, threeOperands(start, end, weight).map(floating), {});
}
