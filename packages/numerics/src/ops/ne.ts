import { applyBinary, binary } from "../families/binary.ts";
import { nonDifferentiable } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const op = binary({
  name: "ne",
  kernel: (k) => k.ne,
  result: "bool",
  gradient: nonDifferentiable("a comparison is a step function"),
  onnx: (g, [a, b]) => g.node("Not", [g.node("Equal", [a!, b!])]),
});

/** `a ≠ b`, element by element with broadcasting; bool. NaN differs from everything. */
export function ne(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(op, a, b);
}
