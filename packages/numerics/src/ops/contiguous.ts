import { contiguousCopy } from "../copy.ts";
import { apply, type OneOutput } from "../op.ts";
import type { Tensor } from "../tensor.ts";

const definition: OneOutput<object> = {
  name: "contiguous",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x]) => contiguousCopy(x!),
  gradient: ({ dy }) => [dy],
  saves: { inputs: "none" },
  onnx: (g, [x]) => g.node("Identity", [x!]),
};

/** The tensor itself if its elements lie row-major without gaps, else a copy that does. */
export function contiguous(x: Tensor): Tensor {
  return x.isContiguous() ? x : apply(definition, [x], {});
}
