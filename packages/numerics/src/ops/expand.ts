import { asTensor } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { apply, type OneOutput } from "../op.ts";
import { formatShape, type Shape } from "../shape.ts";
import { type Tensor, type TensorArg, viewOf } from "../tensor.ts";

const definition: OneOutput<{ readonly shape: Shape }> = {
  name: "expand",
  shape: ([x], { shape }) => ({ shape, dtype: x!.dtype }),
  forward: (_k, [x], { shape }) => {
    const lead = shape.length - x!.ndim;
    // A stride of 0 reads the same element again.
    const strides = shape.map((size, i) =>
      i < lead || (x!.shape[i - lead] === 1 && size !== 1) ? 0 : x!.strides[i - lead]!,
    );
    return viewOf(x!, shape, strides, x!.offset);
  },
  // The tape sums a gradient down to the input's shape.
  gradient: ({ dy }) => [dy],
  saves: { inputs: "none" },
  onnx: (g, [x], { shape }) => g.node("Expand", [x!, g.ints(shape)]),
};

/**
 * `x` repeated along dimensions of size 1 and new leading ones, without copying; -1 keeps a size.
 * @throws ShapeError if a size other than 1 would change.
 */
export function expand(x: TensorArg, shape: Shape): Tensor {
  const t = asTensor(x);
  const lead = shape.length - t.ndim;
  const out = shape.map((size, i) => (size === -1 && i >= lead ? t.shape[i - lead]! : size));
  const fits =
    lead >= 0 && out.every((s, i) => s >= 0 && (i < lead || t.shape[i - lead] === s || t.shape[i - lead] === 1));
  if (!fits) {
    throw new ShapeError({
      op: "expand",
      rule: "only sizes of 1 can be expanded",
      received: `${formatShape(t.shape)} to ${formatShape(shape)}`,
      expected: "the same sizes aligned at the right, or 1 in their place",
    });
  }
  return apply(definition, [t], { shape: out });
}

/** `expand` under the name of NumPy and PyTorch's function. */
export function broadcastTo(x: TensorArg, shape: Shape): Tensor {
  return expand(x, shape);
}
