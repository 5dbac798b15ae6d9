import type { Tensor, TensorArg } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { rowProducts, unitRows } from "../metric/unit-rows.ts";
import { centreColumns, columnDeviation, offDiagonalSquares } from "./covariance.ts";
import { twoViews } from "./two-views.ts";

const OP = "barlowTwinsLoss";

export interface BarlowTwinsLossOptions extends ReductionOptions {
  /** Weight of the redundancy between dimensions. Default 0.0051. */
  readonly lambda?: number;
  /** Added to the variances under the root, as batch norm does; the authors' code has 1e-5. Default 0: true correlations. */
  readonly eps?: number;
}

/**
 * Barlow Twins: `loss = sum_i (1 - c_ii)^2 + lambda sum over i != j of c_ij^2`, c the correlations between the dimensions of one view and those
 * of the other, over the batch.
 *
 * Shapes: embeddings of two views `[N, D]`, N at least 2, to a scalar (`reduction` changes nothing). A dimension that is constant over the batch has
 * correlation 0 with all others, and no gradient.
 * Source: Zbontar et al., "Barlow Twins: Self-Supervised Learning via Redundancy Reduction" (2021), arXiv 2103.03230.
 * Differs from the authors' code: no eps in the correlations unless asked for.
 * @throws ShapeError unless both are `[N, D]` with two rows or more; ArgumentError for a negative lambda or eps.
 * @example barlowTwinsLoss([[1, 0], [0, 1]], [[1, 0], [0, 2]], { lambda: 0.5 }).item() // 1
 */
export const barlowTwinsLoss = /* @__PURE__ */ lossFunction(
  OP,
  (a: TensorArg, b: TensorArg, { lambda = 0.0051, eps = 0 }: BarlowTwinsLossOptions) => {
    checkOption(OP, "lambda", lambda, "0 or more", lambda >= 0);
    checkOption(OP, "eps", eps, "0 or more", eps >= 0);
    const [x, y] = twoViews(OP, { a, b }, 2);
    const [u, v] = [standardRows(x, eps), standardRows(y, eps)];
    const agreement = rowProducts(u, v).neg().add(1).square().sum();
    return agreement.add(offDiagonalSquares(u.matmul(v.t())).mul(lambda));
  },
);

/** `barlowTwinsLoss` with its options kept. */
export const BarlowTwinsLoss = /* @__PURE__ */ lossClass("BarlowTwinsLoss", barlowTwinsLoss);

/** The columns as rows, centred and divided by their deviation and by sqrt(N), so that products of them are correlations. */
function standardRows(x: Tensor, eps: number): Tensor {
  const centred = centreColumns(x);
  if (eps === 0) return unitRows(centred.t());
  const n = x.shape[0]!;
  return centred.div(columnDeviation(centred, n, eps).mul(Math.sqrt(n))).t();
}
