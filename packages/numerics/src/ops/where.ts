import { contiguousCopy } from "../copy.ts";
import { asTensor, zeros } from "../create.ts";
import { itemSize } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { operands } from "../families/binary.ts";
import { apply, type OneOutput } from "../op.ts";
import { broadcastShapes, type Shape } from "../shape.ts";
import { allocate, type Tensor, type TensorArg, viewOf } from "../tensor.ts";

const definition: OneOutput<object> = {
  name: "where",
  shape: ([condition, a, b]) => ({
    shape: broadcastShapes("where", broadcastShapes("where", condition!.shape, a!.shape), b!.shape),
    dtype: a!.dtype,
  }),
  forward: (k, [condition, a, b], _attrs, { shape, dtype }) => {
    const y = allocate(shape, dtype);
    if (y.size === 0) return y;
    const mask = stretched(condition!, shape);
    const [x, stepX] = branch(a!, shape);
    const [z, stepZ] = branch(b!, shape);
    k.where[itemSize(dtype)](mask.ptr, x.ptr, z.ptr, y.ptr, y.size, stepX, stepZ);
    return y;
  },
  gradient: ({ inputs: [condition], dy, needs }) => {
    const none = zeros([], { dtype: dy.dtype });
    return [
      null,
      needs[1] ? apply(definition, [condition!, dy, none], {}) : null,
      needs[2] ? apply(definition, [condition!, none, dy], {}) : null,
    ];
  },
  saves: { inputs: [0] },
  onnx: (g, [condition, a, b]) => g.node("Where", [condition!, a!, b!]),
};

function stretched(t: Tensor, shape: Shape): Tensor {
  const lead = shape.length - t.ndim;
  const strides = shape.map((size, i) =>
    i < lead || (t.shape[i - lead] === 1 && size !== 1) ? 0 : t.strides[i - lead]!,
  );
  const view = viewOf(t, shape, strides, t.offset);
  return view.isContiguous() ? view : contiguousCopy(view);
}

/** A branch and its step: single elements are read again and again instead of being spread out. */
function branch(t: Tensor, shape: Shape): [Tensor, number] {
  return t.size === 1 ? [t, 0] : [stretched(t, shape), 1];
}

/**
 * `a` where the condition holds, `b` elsewhere, with broadcasting. Gradients flow to the chosen branch; the other's is 0.
 * @throws DTypeError unless the condition is bool.
 */
export function where(condition: TensorArg, a: TensorArg, b: TensorArg): Tensor {
  const mask = asTensor(condition);
  if (mask.dtype !== "bool") {
    throw new DTypeError({
      op: "where",
      rule: "the condition must be bool",
      received: mask.dtype,
      hint: "Compare, as in x.gt(0), or convert with to('bool')",
    });
  }
  return apply(definition, [mask, ...operands(a, b)], {});
}
