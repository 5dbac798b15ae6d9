import { asTensor } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { indexArgument } from "../families/indexing.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { detach } from "./detach.ts";
import { eq } from "./eq.ts";
import { expand } from "./expand.ts";
import { gather } from "./gather.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

export interface EmbeddingOptions {
  /** A row that gets no gradient; negative ones count from the end. Its values are used as they are. */
  readonly paddingIdx?: number;
}

/**
 * Rows of a table. `y[i] = weight[indices[i]]`
 *
 * Shapes: indices `[...]` of integers, weight `[rows, size]`; result `[..., size]`. The gradient of a row is the sum over its uses.
 * @throws ShapeError for a weight that is no matrix; DTypeError for indices that are no integers; IndexOutOfRangeError.
 */
export function embedding(indices: TensorArg, weight: TensorArg, options: EmbeddingOptions = {}): Tensor {
  const [index, table] = [indexArgument("embedding", indices), asTensor(weight)];
  if (table.ndim !== 2) {
    throw new ShapeError({
      op: "embedding",
      rule: "the weight must be a matrix",
      received: formatShape(table.shape),
      expected: "[rows, size]",
    });
  }
  const size = table.shape[1]!;
  const column = reshape(index, [index.size, 1]);
  const rows = gather(table, 0, expand(column, [index.size, size]));
  const trained = options.paddingIdx === undefined ? rows : withoutGradient(rows, column, table, options.paddingIdx);
  return reshape(trained, [...index.shape, size]);
}

/** The rows of one index take no part in differentiation. */
function withoutGradient(rows: Tensor, column: Tensor, table: Tensor, paddingIdx: number): Tensor {
  const count = table.shape[0]!;
  if (!Number.isInteger(paddingIdx) || paddingIdx < -count || paddingIdx >= count) {
    throw new ArgumentError({
      op: "embedding",
      rule: "paddingIdx is not a row of the weight",
      received: `${paddingIdx}`,
      expected: `${-count} to ${count - 1}`,
    });
  }
  return where(eq(column, paddingIdx < 0 ? paddingIdx + count : paddingIdx), detach(rows), rows);
}
