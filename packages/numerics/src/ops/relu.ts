import { contiguousCopy } from "../copy.ts";
import { asTensor } from "../create.ts";
import { piecewiseOp } from "../families/piecewise.ts";
import { apply, type OneOutput, unsupported } from "../op.ts";
import { allocate, type Tensor, type TensorArg } from "../tensor.ts";

const op = /* @__PURE__ */ piecewiseOp<object>({
  name: "relu",
  kernel: (k) => k.relu,
  gradient: ({ outputs: [y], dy }) => [apply(gradientOp, [y!, dy], {})],
  saves: { inputs: "none", outputs: "all" },
  onnx: (g, [x]) => g.node("Relu", [x!]),
});

const gradientOp: OneOutput<object> = {
  name: "reluGrad",
  shape: ([y]) => y!,
  forward: (k, [y, dy], _attrs, { shape, dtype }) => {
    const dx = allocate(shape, dtype);
    const d = dy!.isContiguous() ? dy! : contiguousCopy(dy!);
    if (dx.size > 0) k.reluGrad[dtype as "float32" | "float64"](y!.ptr, d.ptr, dx.ptr, dx.size);
    return dx;
  },
  gradient: ({ inputs: [y], dy: ddx, needs }) => [null, needs[1] ? apply(gradientOp, [y!, ddx], {}) : null],
  saves: { inputs: [0] },
  onnx: unsupported("gradients are not exported"),
};

/** `max(x, 0)`; the derivative at 0 is 0. NaN stays NaN. */
export function relu(x: TensorArg): Tensor {
  return apply(op, [asTensor(x)], {});
}
