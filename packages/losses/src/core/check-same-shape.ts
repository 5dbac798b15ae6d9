import { formatShape, ShapeError, sameShape, type Tensor } from "@tenon/numerics";

/**
 * Checks that tensors of a loss go together element by element.
 * @throws ShapeError that names them all.
 * @example checkSameShape("dpoLoss", { chosen, rejected });
 */
export function checkSameShape(op: string, tensors: Readonly<Record<string, Tensor>>): void {
  const rows = Object.entries(tensors);
  if (rows.every(([, { shape }]) => sameShape(shape, rows[0]![1].shape))) return;
  throw new ShapeError({
    op,
    rule: `${rows.map(([name]) => name).join(", ")} must have the same shape`,
    received: rows.map(([name, { shape }]) => `${name} ${formatShape(shape)}`).join(", "),
    expected: "the same shape",
  });
}
