import { asTensor } from "../create.ts";
import { type BroadcastKernels, binary } from "../families/binary.ts";
import type { Kernels } from "../generated/kernels.ts";
import { apply, nonDifferentiable } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { eq } from "./eq.ts";
import { to } from "./to.ts";

function logical(name: string, kernel: (k: Kernels) => BroadcastKernels, onnxType: string) {
  const op = binary({
    name,
    kernel,
    gradient: nonDifferentiable("truth values are steps"),
    onnx: (g, [a, b]) => g.node(onnxType, [a!, b!]),
  });
  return (a: TensorArg, b: TensorArg): Tensor => apply(op, [to(asTensor(a), "bool"), to(asTensor(b), "bool")], {});
}

/** True where both are not zero; bool, with broadcasting. */
export const logicalAnd = /* @__PURE__ */ logical("logicalAnd", (k) => ({ bool: k.logicalAnd }), "And");

/** True where either is not zero; bool, with broadcasting. */
export const logicalOr = /* @__PURE__ */ logical("logicalOr", (k) => ({ bool: k.logicalOr }), "Or");

/** True where exactly one is not zero; bool, with broadcasting. */
export const logicalXor = /* @__PURE__ */ logical("logicalXor", (k) => ({ bool: k.logicalXor }), "Xor");

/** True where `x` is zero; bool. */
export function logicalNot(x: TensorArg): Tensor {
  return eq(to(asTensor(x), "bool"), false);
}
