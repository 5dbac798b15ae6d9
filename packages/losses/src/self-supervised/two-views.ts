import { formatShape, promoteTypes, ShapeError, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { realDoubles } from "../core/real-doubles.ts";

/**
 * Embeddings of two views of one batch in float64.
 * @throws ShapeError unless both are `[N, D]`, with at least `least` rows.
 */
export function twoViews(op: string, named: Readonly<Record<string, TensorArg>>, least = 0): [Tensor, Tensor] {
  const [x, y] = realDoubles(...Object.values(named)) as [Tensor, Tensor];
  // In a trace they are as they came.
  const dtype = promoteTypes(x.dtype, y.dtype);
  const [a, b] = [x.to(dtype), y.to(dtype)];
  const [first, second] = Object.keys(named) as [string, string];
  checkSameShape(op, { [first]: a, [second]: b });
  checkMatrix(op, first, a, least);
  return [a, b];
}

/** @throws ShapeError unless the tensor is `[N, D]`, with at least `least` rows. */
export function checkMatrix(op: string, name: string, x: Tensor, least = 0): void {
  if (x.ndim === 2 && x.shape[0]! >= least) return;
  throw new ShapeError({
    op,
    rule: `${name} must be a batch of embeddings${least > 1 ? `: ${op} compares each of them with the others` : ""}`,
    received: formatShape(x.shape),
    expected: least > 1 ? `[N, D] with N at least ${least}` : "[N, D]",
  });
}

/** @throws ShapeError unless the tensor is `[N, D]` with the D given, which `other` has. */
export function checkColumns(op: string, name: string, x: Tensor, columns: number, other: string): void {
  checkMatrix(op, name, x);
  if (x.shape[1] === columns) return;
  throw new ShapeError({
    op,
    rule: `${name} must have as many dimensions as ${other}`,
    received: formatShape(x.shape),
    expected: `[N, ${columns}]`,
  });
}

/** @throws ShapeError unless the tensor has that many dimensions. */
export function checkRank(op: string, name: string, x: Tensor, expected: string): void {
  if (x.ndim === expected.split(",").length) return;
  throw new ShapeError({ op, rule: `${name} has the wrong shape`, received: formatShape(x.shape), expected });
}
