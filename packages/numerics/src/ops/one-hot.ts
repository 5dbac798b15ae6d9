import { zeros } from "../create.ts";
import { ArgumentError } from "../errors.ts";
import { checkedIndices, indexArgument } from "../families/indexing.ts";
import { lowerOneHot } from "../families/one-hot-onnx.ts";
import { apply, nonDifferentiable, type OneOutput } from "../op.ts";
import type { Tensor, TensorArg } from "../tensor.ts";

const definition: OneOutput<{ readonly numClasses: number }> = {
  name: "oneHot",
  shape: ([x], { numClasses }) => ({ shape: [...x!.shape, numClasses], dtype: "int64" }),
  forward: (k, [x], { numClasses }, spec) => {
    const indices = checkedIndices("oneHot", x!, numClasses);
    const y = zeros(spec.shape, { dtype: "int64" });
    if (y.size > 0) k.oneHot(indices.ptr, y.ptr, indices.size, numClasses);
    return y;
  },
  gradient: nonDifferentiable("its input is a class"),
  onnx: (g, [x], { numClasses }) => lowerOneHot(g, g.cast(x!, "int64"), numClasses, -1, "int64"),
};

export interface OneHotOptions {
  /** Default: the greatest class plus 1. */
  readonly numClasses?: number;
}

/**
 * For each class a row with a 1 at its place: `[...S]` integers to `[...S, C]` int64.
 * @throws IndexOutOfRangeError for a class outside [0, numClasses).
 */
export function oneHot(x: TensorArg, options: OneHotOptions = {}): Tensor {
  const t = indexArgument("oneHot", x);
  const numClasses = options.numClasses ?? greatest(t) + 1;
  if (!Number.isSafeInteger(numClasses) || numClasses < 1) {
    throw new ArgumentError({
      op: "oneHot",
      rule: "numClasses must be a whole number of 1 or more",
      received: `${numClasses}`,
      hint: "An empty tensor needs numClasses",
    });
  }
  return apply(definition, [t], { numClasses });
}

function greatest(t: Tensor): number {
  let most = -1;
  for (const value of t.data()) most = Math.max(most, Number(value));
  return most;
}
