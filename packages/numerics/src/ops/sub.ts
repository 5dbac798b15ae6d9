import { applyBinary, applyBinaryInPlace, type BinaryDefinition, binary } from "../families/binary.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { neg } from "./neg.ts";

const definition: BinaryDefinition = {
  name: "sub",
  kernel: (k) => k.sub,
  gradient: ({ dy, needs }) => [dy, needs[1] ? neg(dy) : null],
  saves: { inputs: "none" },
  onnx: (g, [a, b]) => g.node("Sub", [a!, b!]),
};
const op = binary(definition);

/** `a - b`, with broadcasting. Integers wrap. */
export function sub(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(op, a, b);
}

/** `target = target - other`, in place. */
export function sub_(target: Tensor, other: TensorArg): Tensor {
  return applyBinaryInPlace(op, definition, target, other);
}
