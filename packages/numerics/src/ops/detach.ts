import { asTensor } from "../create.ts";
import { apply, nonDifferentiable, type OneOutput } from "../op.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";

const definition: OneOutput<object> = {
  name: "detach",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x]) => viewOf(x!, x!.shape, x!.strides, x!.offset),
  gradient: nonDifferentiable("cutting the history is what it is for"),
  onnx: (g, [x]) => g.node("Identity", [x!]),
};

/** The same values without history; shares memory with `x`. */
export function detach(x: TensorArg): Tensor {
  return apply(definition, [asTensor(x)], {});
}
