import { asTensor, fromTypedArray } from "../create.ts";
import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import { type CdistOptions, cdist } from "./cdist.ts";
import { indexSelect } from "./index-select.ts";
import { reshape } from "./reshape.ts";

/**
 * The distances between all rows of `x`, each pair once: the upper triangle of `cdist(x, x)` without its diagonal, row by row.
 *
 * Shapes: x `[n, m]`; result `[n (n - 1) / 2]`. Options and gradients are those of `cdist`.
 * @throws ShapeError unless x has two dimensions.
 * @example pdist([[0, 0], [3, 4], [0, 8]]).toArray() // [5, 8, 5]
 */
export function pdist(x: TensorArg, options: CdistOptions = {}): Tensor {
  const t = asTensor(x);
  if (t.ndim !== 2) throw new ShapeError({ op: "pdist", rule: "takes [n, m]", received: formatShape(t.shape) });
  const n = t.shape[0]!;
  const pairs = new BigInt64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) pairs[at++] = BigInt(i * n + j);
  return indexSelect(reshape(cdist(t, t, options), [-1]), 0, fromTypedArray(pairs, [pairs.length]));
}
