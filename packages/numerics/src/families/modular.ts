import type { DType } from "../dtype.ts";
import { isFloatingPoint } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Lowering } from "../graph/onnx.ts";
import { apply, nonDifferentiable, type OneOutput, type Unsupported } from "../op.ts";
import { to } from "../ops/to.ts";
import { engine } from "../runtime.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type BroadcastKernels, binary, operands } from "./binary.ts";

/** A division with a remainder: one operation for floating numbers, one for whole ones, which may not divide by zero. */
export function modular(
  name: string,
  floating: OneOutput<object>,
  integers: (k: Kernels) => BroadcastKernels[DType],
  onnx: Lowering<object> | Unsupported,
): (a: TensorArg, b: TensorArg) => Tensor {
  const whole = binary({
    name,
    kernel: (k) => {
      const int64 = integers(k);
      return int64 === undefined ? {} : { int64 };
    },
    gradient: nonDifferentiable("whole numbers"),
    onnx,
  });
  return (a, b) => {
    const [x, y] = operands(a, b);
    if (isFloatingPoint(x.dtype)) return apply(floating, [x, y], {});
    refuseZero(name, y);
    return apply(whole, [x, y], {});
  };
}

function refuseZero(op: string, divisor: Tensor): void {
  const t = to(divisor.detach(), "int64").contiguous();
  if (t.size > 0 && engine().kernels.intHasZero(t.ptr, t.size) !== 0) {
    throw new ArgumentError({
      op,
      rule: "whole numbers cannot be divided by zero",
      received: `${divisor.dtype} divisor`,
    });
  }
}
