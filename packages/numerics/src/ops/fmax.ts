import { isFloatingPoint } from "../dtype.ts";
import { type BinaryDefinition, type BroadcastKernels, binary, operands } from "../families/binary.ts";
import type { Kernels } from "../generated/kernels.ts";
import type { OnnxBuilder, OnnxValue } from "../graph/onnx.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { ge } from "./ge.ts";
import { le } from "./le.ts";
import { logicalOr } from "./logical.ts";
import { maximum, minimum } from "./maximum.ts";
import { ne } from "./ne.ts";
import { where } from "./where.ts";

function definition(
  name: string,
  kernel: (k: Kernels) => BroadcastKernels,
  wins: (a: Tensor, b: Tensor) => Tensor,
  onnxType: string,
): BinaryDefinition {
  const number = (g: OnnxBuilder, x: OnnxValue, other: OnnxValue) => g.node("Where", [g.node("IsNaN", [x]), other, x]);
  return {
    name,
    kernel,
    gradient: ({ inputs: [a, b], dy, needs }) => {
      const first = logicalOr(wins(a!, b!), ne(b!, b!));
      return [needs[0] ? where(first, dy, 0) : null, needs[1] ? where(first, 0, dy) : null];
    },
    onnx: (g, [a, b]) => g.node(onnxType, [number(g, a!, b!), number(g, b!, a!)]),
  };
}

const fmaxOp = /* @__PURE__ */ binary(
  definition(
    "fmax",
    (k) => k.fmax,
    (a, b) => ge(a, b),
    "Max",
  ),
);
const fminOp = /* @__PURE__ */ binary(
  definition(
    "fmin",
    (k) => k.fmin,
    (a, b) => le(a, b),
    "Min",
  ),
);

/** The greater of both, with broadcasting; where one is NaN, the other. A tie gives its gradient to the first. */
export function fmax(a: TensorArg, b: TensorArg): Tensor {
  const [x, y] = operands(a, b);
  return isFloatingPoint(x.dtype) ? apply(fmaxOp, [x, y], {}) : maximum(x, y);
}

/** The lesser of both, with broadcasting; where one is NaN, the other. A tie gives its gradient to the first. */
export function fmin(a: TensorArg, b: TensorArg): Tensor {
  const [x, y] = operands(a, b);
  return isFloatingPoint(x.dtype) ? apply(fminOp, [x, y], {}) : minimum(x, y);
}
