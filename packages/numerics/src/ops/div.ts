import { applyBinary, applyBinaryInPlace, type BinaryDefinition, binary } from "../families/binary.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";

const definition: BinaryDefinition = {
  name: "div",
  kernel: (k) => k.div,
  floating: true,
  gradient: ({ inputs: [a, b], dy, needs }) => [
    needs[0] ? div(dy, b!) : null,
    needs[1] ? neg(div(mul(dy, div(a!, b!)), b!)) : null,
  ],
  saves: { inputs: (needs) => (needs[1] ? [0, 1] : [1]) },
  onnx: (g, [a, b]) => g.node("Div", [a!, b!]),
};
const op = binary(definition);

/** `a / b`, with broadcasting; integers and bool divide as float32. */
export function div(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(op, a, b, true);
}

/** `target = target / other`, in place. */
export function div_(target: Tensor, other: TensorArg): Tensor {
  return applyBinaryInPlace(op, definition, target, other);
}
