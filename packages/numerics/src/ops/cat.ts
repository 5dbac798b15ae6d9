import { copyInto } from "../copy.ts";
import { asTensor } from "../create.ts";
import { promoteTypes } from "../dtype.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { apply, type OneOutput } from "../op.ts";
import { formatShape, normalizeDim } from "../shape.ts";
import { allocate, type Tensor, type TensorArg, viewOf } from "../tensor.ts";
import { narrow } from "./slice.ts";
import { unsqueeze } from "./squeeze.ts";
import { to } from "./to.ts";

interface Dim {
  readonly dim: number;
}

const definition: OneOutput<Dim> = {
  name: "cat",
  shape: (inputs, { dim }) => {
    const [first] = inputs;
    const size = inputs.reduce((sum, { shape }) => sum + shape[dim]!, 0);
    return { shape: first!.shape.map((s, i) => (i === dim ? size : s)), dtype: first!.dtype };
  },
  forward: (_k, inputs, { dim }, { shape, dtype }) => {
    const y = allocate(shape, dtype);
    let at = 0;
    for (const x of inputs) {
      copyInto(viewOf(y, x.shape, y.strides, at * y.strides[dim]!), x);
      at += x.shape[dim]!;
    }
    return y;
  },
  gradient: ({ dy, specs, attrs: { dim }, needs }) => {
    let at = 0;
    return specs.map(({ shape }, i) => {
      const start = at;
      at += shape[dim]!;
      return needs[i] ? narrow(dy, dim, start, shape[dim]!) : null;
    });
  },
  saves: { inputs: "none" },
  onnx: (g, inputs, { dim }) => g.node("Concat", inputs, { axis: dim }),
};

/**
 * Joins tensors along an existing dimension. Shapes: the same but for `dim`; the result's size there is the sum. Element types are promoted.
 * @throws ArgumentError for no tensors; ShapeError if other sizes differ.
 * @example cat([[1, 2], [3]]).toArray() // [1, 2, 3]
 */
export function cat(tensors: readonly TensorArg[], dim = 0): Tensor {
  return joined("cat", tensors.map(asTensor), dim);
}

/**
 * Joins tensors of one shape along a new dimension.
 * @throws ArgumentError for no tensors; ShapeError if shapes differ.
 * @example stack([[1, 2], [3, 4]]).toArray() // [[1, 2], [3, 4]]
 */
export function stack(tensors: readonly TensorArg[], dim = 0): Tensor {
  const list = tensors.map(asTensor);
  checkJoinable("stack", list, -1);
  const at = normalizeDim("stack", dim, list[0]!.ndim + 1);
  return joined(
    "stack",
    list.map((x) => unsqueeze(x, at)),
    at,
  );
}

function joined(op: string, tensors: readonly Tensor[], dim: number): Tensor {
  const along = normalizeDim(op, dim, tensors[0]?.ndim ?? 1);
  checkJoinable(op, tensors, along);
  const dtype = tensors.map((x) => x.dtype).reduce(promoteTypes);
  return apply(
    definition,
    tensors.map((x) => to(x, dtype)),
    { dim: along },
  );
}

function checkJoinable(op: string, tensors: readonly Tensor[], dim: number): void {
  const [first] = tensors;
  if (first === undefined) throw new ArgumentError({ op, rule: "there are no tensors to join" });
  const fits = tensors.every(
    (x) => x.ndim === first.ndim && x.shape.every((s, i) => i === dim || s === first.shape[i]),
  );
  if (fits && (first.ndim > 0 || op === "stack")) return;
  throw new ShapeError({
    op,
    rule: "shapes do not fit each other",
    received: tensors.map((x) => formatShape(x.shape)).join(", "),
    expected: dim < 0 ? "the same shape" : `one dimension or more, and the same sizes except in dimension ${dim}`,
  });
}
