import { asTensor } from "../create.ts";
import { isFloatingPoint } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { type BroadcastKernels, binary, operands } from "../families/binary.ts";
import type { Kernels } from "../generated/kernels.ts";
import { apply, nonDifferentiable } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { logicalAnd, logicalNot, logicalOr, logicalXor } from "./logical.ts";

function refuseFloats(op: string, t: Tensor): void {
  if (!isFloatingPoint(t.dtype)) return;
  throw new DTypeError({ op, rule: "bits of whole numbers and bools only", received: t.dtype });
}

function bitwise(
  name: string,
  kernel: (k: Kernels) => BroadcastKernels,
  onnxType: string,
  bools: (a: TensorArg, b: TensorArg) => Tensor,
): (a: TensorArg, b: TensorArg) => Tensor {
  const op = binary({
    name,
    kernel,
    gradient: nonDifferentiable("whole numbers"),
    onnx: (g, [a, b]) => g.node(onnxType, [a!, b!]),
  });
  return (a, b) => {
    const [x, y] = operands(a, b);
    refuseFloats(name, x);
    return x.dtype === "bool" ? bools(x, y) : apply(op, [x, y], {});
  };
}

/** Bits set in both, with broadcasting; for bools `logicalAnd`. @throws DTypeError for floating numbers. */
export const bitwiseAnd = /* @__PURE__ */ bitwise(
  "bitwiseAnd",
  (k) => ({ int64: k.bitwiseAnd }),
  "BitwiseAnd",
  (a, b) => logicalAnd(a, b),
);

/** Bits set in either, with broadcasting; for bools `logicalOr`. @throws DTypeError for floating numbers. */
export const bitwiseOr = /* @__PURE__ */ bitwise(
  "bitwiseOr",
  (k) => ({ int64: k.bitwiseOr }),
  "BitwiseOr",
  (a, b) => logicalOr(a, b),
);

/** Bits set in exactly one, with broadcasting; for bools `logicalXor`. @throws DTypeError for floating numbers. */
export const bitwiseXor = /* @__PURE__ */ bitwise(
  "bitwiseXor",
  (k) => ({ int64: k.bitwiseXor }),
  "BitwiseXor",
  (a, b) => logicalXor(a, b),
);

/** All bits inverted; for bools `logicalNot`. @throws DTypeError for floating numbers. */
export function bitwiseNot(x: TensorArg): Tensor {
  const t = asTensor(x);
  refuseFloats("bitwiseNot", t);
  return t.dtype === "bool" ? logicalNot(t) : bitwiseXor(t, -1);
}
