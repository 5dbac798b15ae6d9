import { isFloatingPoint } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { type BinaryDefinition, binary, operands } from "../families/binary.ts";
import { exactBinaryOp } from "../families/exact-binary.ts";
import { apply, nonDifferentiable } from "../op.ts";
import { engine } from "../runtime.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { add } from "./add.ts";
import { log } from "./log.ts";
import { mul } from "./mul.ts";
import { square } from "./square.ts";
import { sub } from "./sub.ts";
import { to } from "./to.ts";

const op = /* @__PURE__ */ exactBinaryOp({
  name: "pow",
  kernel: (k) => k.pow,
  gradA: (k) => k.powGradA,
  gradB: (k) => k.powGradB,
  second: (a, b) => {
    const lower = sub(b, 1);
    const logarithm = log(a);
    return {
      aa: mul(mul(b, lower), pow(a, sub(b, 2))),
      ab: mul(pow(a, lower), add(mul(b, logarithm), 1)),
      bb: mul(pow(a, b), square(logarithm)),
    };
  },
  onnx: (g, [a, b]) => g.node("Pow", [a!, b!]),
});

const integer: BinaryDefinition = {
  name: "pow",
  kernel: (k) => ({ int64: k.intPow }),
  gradient: nonDifferentiable("whole numbers"),
  onnx: (g, [a, b]) => g.node("Pow", [a!, b!]),
};
const integerOp = /* @__PURE__ */ binary(integer);

/**
 * `base^exponent`, with broadcasting; special values as IEEE 754: `x^0 = 1^y = 1`. The gradient with respect to the exponent is 0 at base 0.
 * @throws ArgumentError for integers to a negative power.
 */
export function pow(base: TensorArg, exponent: TensorArg): Tensor {
  if (exponent === 2) return square(base);
  const [a, b] = operands(base, exponent);
  if (isFloatingPoint(a.dtype)) return apply(op, [a, b], {});
  const powers = to(b, "int64").contiguous();
  if (powers.size > 0 && engine().kernels.intLeast(powers.ptr, powers.size) < 0) {
    throw new ArgumentError({
      op: "pow",
      rule: "whole numbers to a negative power are no whole numbers",
      received: `${a.dtype} base`,
      hint: "Convert the base with to('float32')",
    });
  }
  return apply(integerOp, [a, b], {});
}
