import type { Kernels } from "../generated/kernels.ts";
import { nonDifferentiable, type OneOutput } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { applyBinary, type BroadcastKernels, binary } from "./binary.ts";

/** A comparison of two tensors element by element: bool, with broadcasting. */
export function comparison(
  name: string,
  kernel: (k: Kernels) => BroadcastKernels,
  onnxType: string,
): (a: TensorArg, b: TensorArg) => Tensor {
  const op: OneOutput<object> = binary({
    name,
    kernel,
    result: "bool",
    gradient: nonDifferentiable("a comparison is a step function"),
    onnx: (g, operands) => {
      // ONNX orders numbers only.
      const [a, b] = operands.map((x) => (x.dtype === "bool" && onnxType !== "Equal" ? g.cast(x, "int32") : x));
      return g.node(onnxType, [a!, b!]);
    },
  });
  return (a, b) => applyBinary(op, a, b);
}
