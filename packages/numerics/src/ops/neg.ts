import { asTensor } from "../create.ts";
import { piecewiseOp } from "../families/piecewise.ts";
import { apply } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const op = /* @__PURE__ */ piecewiseOp<object>({
  name: "neg",
  kernel: (k) => k.neg,
  gradient: ({ dy }) => [neg(dy)],
  saves: { inputs: "none" },
  onnx: (g, [x]) => g.node("Neg", [x!]),
});

/** `-x`. Integers wrap. */
export function neg(x: TensorArg): Tensor {
  return apply(op, [asTensor(x)], {});
}
