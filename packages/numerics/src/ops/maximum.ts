import type { BroadcastKernels } from "../families/binary.ts";
import { applyBinary, type BinaryDefinition, binary } from "../families/binary.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { eq } from "./eq.ts";
import { gt } from "./gt.ts";
import { lt } from "./lt.ts";
import { mul } from "./mul.ts";
import { where } from "./where.ts";

function extreme(
  name: string,
  kernel: (k: Kernels) => BroadcastKernels,
  wins: (a: TensorArg, b: TensorArg) => Tensor,
  onnxType: string,
): BinaryDefinition {
  return {
    name,
    kernel,
    // A tie shares the gradient evenly.
    gradient: ({ inputs: [a, b], dy, needs }) => {
      const shared = where(eq(a!, b!), mul(dy, 0.5), 0);
      return [needs[0] ? where(wins(a!, b!), dy, shared) : null, needs[1] ? where(wins(b!, a!), dy, shared) : null];
    },
    onnx: (g, [a, b]) => g.node(onnxType, [a!, b!]),
  };
}

const maximumOp = binary(extreme("maximum", (k) => k.maximum, gt, "Max"));
const minimumOp = binary(extreme("minimum", (k) => k.minimum, lt, "Min"));

/** The greater of both, element by element with broadcasting; NaN if either is. A tie shares its gradient evenly. */
export function maximum(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(maximumOp, a, b);
}

/** The lesser of both, element by element with broadcasting; NaN if either is. A tie shares its gradient evenly. */
export function minimum(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(minimumOp, a, b);
}
