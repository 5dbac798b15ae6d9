import {
  broadcastShapes,
  formatShape,
  ShapeError,
  sameShape,
  type Tensor,
  type TensorArg,
  tensor,
} from "@tenon/numerics";
import { realDoubles } from "../core/real-doubles.ts";

/** `realDoubles` of one argument; a number is exact, which by way of a float32 tensor it would not be. */
export function double(arg: TensorArg): Tensor {
  return typeof arg === "number" ? tensor(arg, { dtype: "float64" }) : realDoubles(arg)[0];
}

/**
 * The named arguments as float64 (`realDoubles`), after a look at their shapes: each must be the greatest of them, or stretch to it.
 * @throws ShapeError where they do not fit, or would stretch each other, as [N, 1] and [N] do to [N, N].
 */
export function fittingDoubles<K extends string>(op: string, named: Readonly<Record<K, TensorArg>>): Record<K, Tensor> {
  const made = Object.fromEntries(Object.entries<TensorArg>(named).map(([name, arg]) => [name, double(arg)]));
  const shapes = Object.values(made).map((t) => t.shape);
  const together = shapes.reduce((a, b) => broadcastShapes(op, a, b));
  if (!shapes.some((shape) => sameShape(shape, together))) {
    throw new ShapeError({
      op,
      rule: "the shapes would stretch each other",
      received: Object.entries(made)
        .map(([name, t]) => `${name} ${formatShape(t.shape)}`)
        .join(", "),
      expected: "shapes that stretch to one of them",
      hint: "Reshape them",
    });
  }
  return made as Record<K, Tensor>;
}
