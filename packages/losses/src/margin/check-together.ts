import { broadcastShapes, formatShape, ShapeError, sameShape, type Tensor } from "@tenon/numerics";

/**
 * Checks that tensors go together: one of them has the shape that they have together, unless more is meant.
 * @throws ShapeError that names them all.
 */
export function checkTogether(op: string, tensors: Readonly<Record<string, Tensor>>, broadcast: boolean): void {
  const shapes = Object.values(tensors).map(({ shape }) => shape);
  const together = shapes.reduce((a, b) => broadcastShapes(op, a, b));
  if (broadcast || shapes.some((shape) => sameShape(shape, together))) return;
  throw new ShapeError({
    op,
    rule: "the shapes would stretch each other",
    received: `${Object.entries(tensors)
      .map(([name, { shape }]) => `${name} ${formatShape(shape)}`)
      .join(", ")}, together ${formatShape(together)}`,
    expected: "the same shape",
    hint: "Reshape one of them, or pass broadcast: true if every pair is meant",
  });
}
