import { applyBinary, binary } from "../families/binary.ts";
import { unsupported } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { mul } from "./mul.ts";
import { sign } from "./sign.ts";

const op = /* @__PURE__ */ binary({
  name: "copysign",
  kernel: (k) => k.copysign,
  floating: true,
  gradient: ({ inputs: [a], outputs: [y], dy }) => [mul(dy, mul(sign(a!), sign(y!))), mul(dy, 0)],
  saves: { inputs: [0], outputs: "all" },
  onnx: unsupported("ONNX cannot see the sign of a zero"),
});

/** The magnitude of `a` with the sign of `b` (that of a zero counts), with broadcasting. Integers compute in float32. */
export function copysign(a: TensorArg, b: TensorArg): Tensor {
  return applyBinary(op, a, b, true);
}
