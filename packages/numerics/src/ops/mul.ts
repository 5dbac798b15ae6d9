import { applyBinary, applyBinaryInPlace, type BinaryDefinition, binary } from "../families/binary.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const definition: BinaryDefinition = {
  name: "mul",
  kernel: (k) => k.mul,
  gradient: ({ inputs: [a, b], dy, needs }) => [needs[0] ? mul(dy, b!) : null, needs[1] ? mul(dy, a!) : null],
  // Each factor is needed for the other's gradient only.
  saves: { inputs: (needs) => [...(needs[1] ? [0] : []), ...(needs[0] ? [1] : [])] },
  onnx: (g, [a, b]) => g.node("Mul", [a!, b!]),
};
const op = binary(definition);

/** `a * b`, with broadcasting. Integers wrap. */
export function mul(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(op, a, b);
}

/** `target = target * other`, in place. */
export function mul_(target: Tensor, other: TensorArg): Tensor {
  return applyBinaryInPlace(op, definition, target, other);
}
