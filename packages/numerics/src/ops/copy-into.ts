import { copyInto } from "../copy.ts";
import { full } from "../create.ts";
import { applyInPlace, type OneOutput } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { expand } from "./expand.ts";
import { to } from "./to.ts";

const copyDefinition: OneOutput<object> = {
  name: "copy",
  shape: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
  forward: (_k, [, source]) => source!,
  // What the target held before is gone, and with it its gradient.
  gradient: ({ dy }) => [null, dy],
  saves: { inputs: "none" },
  // A graph has no memory to write into: the target's name stands for the new values from here on.
  onnx: (g, [, source]) => g.node("Identity", [source!]),
};

/** Writes the elements of `source`, broadcast and converted, into `target`. Gradients flow to `source`. */
export function copy_(target: Tensor, source: TensorArg): Tensor {
  const values = expand(to(source, target.dtype), target.shape);
  return applyInPlace(copyDefinition, [target, values], {}, () => copyInto(target, values));
}

/** Writes one value everywhere. */
export function fill_(target: Tensor, value: number | bigint | boolean): Tensor {
  // Made in the target's own dtype: a literal taken as float32 first would be rounded.
  return copy_(target, full([], value, { dtype: target.dtype }));
}

/** Writes zeros. */
export function zero_(target: Tensor): Tensor {
  return fill_(target, 0);
}
