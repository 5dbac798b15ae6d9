import { asTensor } from "../create.ts";
import { piecewiseOp } from "../families/piecewise.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { mul } from "./mul.ts";
import { sign } from "./sign.ts";

const op = /* @__PURE__ */ piecewiseOp<object>({
  name: "abs",
  kernel: (k) => k.abs,
  gradient: ({ inputs: [x], dy }) => [mul(dy, sign(x!))],
  saves: { inputs: "all" },
  onnx: (g, [x]) => g.node("Abs", [x!]),
});

/** `|x|`; the derivative at 0 is 0. */
export function abs(x: TensorArg): Tensor {
  return apply(op, [asTensor(x)], {});
}
