import { contiguousCopy } from "../copy.ts";
import { asTensor } from "../create.ts";
import { apply, type OneOutput } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const definition: OneOutput<object> = {
  name: "clone",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x]) => contiguousCopy(x!),
  gradient: ({ dy }) => [dy],
  saves: { inputs: "none" },
  onnx: (g, [x]) => g.node("Identity", [x!]),
};

/** A row-major copy with its own memory; gradients pass through it. */
export function clone(x: TensorArg): Tensor {
  return apply(definition, [asTensor(x)], {});
}
