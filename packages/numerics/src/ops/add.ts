import { applyBinary, applyBinaryInPlace, type BinaryDefinition, binary } from "../families/binary.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const definition: BinaryDefinition = {
  name: "add",
  kernel: (k) => k.add,
  gradient: ({ dy }) => [dy, dy],
  saves: { inputs: "none" },
  onnx: (g, [a, b]) => g.node("Add", [a!, b!]),
};
const op = binary(definition);

/** `a + b`, with broadcasting. Integers wrap. */
export function add(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(op, a, b);
}

/** `target = target + other`, in place. */
export function add_(target: Tensor, other: TensorArg): Tensor {
  return applyBinaryInPlace(op, definition, target, other);
}
