import { clamp, defineOp, where } from "@tenon/numerics";

export interface ClippedReluOptions {
  /** The greatest value of the result. */
  readonly ceiling: number;
}

/**
 * `min(max(x, 0), ceiling)`, with a gradient of 1 strictly between the bounds: an operation with its own gradient and ONNX form.
 * @example clippedRelu([-1, 2, 9], { ceiling: 6 }) // [0, 2, 6]
 */
export const clippedRelu = defineOp<ClippedReluOptions>({
  name: "clippedRelu",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [x], { ceiling }) => clamp(x!, { min: 0, max: ceiling }),
  gradient: ({ inputs: [x], dy, attrs: { ceiling } }) => [where(x!.gt(0).logicalAnd(x!.lt(ceiling)), dy, 0)],
  onnx: (g, [x], { ceiling }) => g.node("Clip", [x!, g.constant(0), g.constant(ceiling)]),
});
