import { ArgumentError } from "../errors.ts";
import { applyBinary, applyBinaryInPlace, type BinaryDefinition, binary } from "../families/binary.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { floorDivide, truncDivide } from "./floor-divide.ts";
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

export interface DivOptions {
  /** "floor" and "trunc" give whole numbers, of integers as integers. Default: the quotient itself. */
  readonly roundingMode?: "floor" | "trunc" | null;
}

/**
 * `a / b`, with broadcasting; integers and bool divide as float32, unless the result is rounded.
 * @throws ArgumentError for another rounding mode, or whole numbers divided by zero with one.
 */
export function div(a: TensorArg, b: TensorArg, { roundingMode = null }: DivOptions = {}): Tensor {
  if (roundingMode === null) return applyBinary(op, a, b, true);
  if (roundingMode === "floor") return floorDivide(a, b);
  if (roundingMode === "trunc") return truncDivide(a, b);
  throw new ArgumentError({
    op: "div",
    rule: "no such rounding mode",
    received: JSON.stringify(roundingMode),
    expected: '"floor" or "trunc"',
  });
}

/** `target = target / other`, in place. */
export function div_(target: Tensor, other: TensorArg): Tensor {
  return applyBinaryInPlace(op, definition, target, other);
}
