import { cholesky, eye, solveTriangular, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { unitRows } from "../metric/unit-rows.ts";
import { unitDistance } from "./cosine-losses.ts";
import { centreColumns } from "./covariance.ts";
import { checkRank } from "./two-views.ts";

const OP = "wMseLoss";

export interface WMSELossOptions extends ReductionOptions {
  /** Rows that are whitened together: more than D, better twice as many. Default all N. */
  readonly groupSize?: number;
  /** Share of the identity in the covariance, `(1 - eps) cov + eps I`. Default 0. */
  readonly eps?: number;
}

/**
 * Whitening MSE: each view's embeddings are whitened (mean 0, covariance I), and the unit vectors of the same image compared.
 *
 *     loss_i = mean over pairs of views v < w of |u_vi - u_wi|^2,    u = the unit vector of L^-1 (z - mean),    L L^T = cov(z)
 *
 * Shapes: embeddings of at least two views `[V, N, D]`, to a scalar, or `[N]` with `reduction: "none"`. Groups are rows that follow each other: shuffle them
 * (`randperm`, `indexSelect`) for every step, as the paper does, and average several shuffles if you like.
 *
 * Whitening is a Cholesky factorization and a triangular system in float64, with exact gradients; the inverse is never formed.
 * Source: Ermolov et al., "Whitening for Self-Supervised Representation Learning" (2020), arXiv 2007.06346.
 * @throws ShapeError; ArgumentError for a group size that does not divide N or is not above 1 (without an eps: above D), an eps outside [0, 1], or a
 * covariance that is not positive definite (fewer independent rows than dimensions).
 * @example wMseLoss([[[1], [-1], [3]], [[1], [2], [3]]]).item() // 1.3333333730697632
 */
export const wMseLoss = /* @__PURE__ */ lossFunction(OP, (views: TensorArg, options: WMSELossOptions): Losses => {
  const [x] = realDoubles(views);
  checkRank(OP, "views", x, "[V, N, D]");
  const [v, n, d] = x.shape as [number, number, number];
  const { groupSize = n, eps = 0 } = options;
  checkOption(OP, "the number of views", v, "2 or more", v > 1);
  checkOption(OP, "eps", eps, "from 0 to 1", eps >= 0 && eps <= 1);
  const fits = Number.isInteger(groupSize) && groupSize > 1 && n % groupSize === 0;
  checkOption(OP, "groupSize", groupSize, `above 1, and divide the number of rows (${n})`, fits);
  const enough = eps > 0 || groupSize > d;
  checkOption(OP, "groupSize", groupSize, `above the number of dimensions (${d}), or eps above 0`, enough);
  const white = whitened(x.reshape([v, n / groupSize, groupSize, d]), eps).reshape([v, n, d]);
  const units = Array.from({ length: v }, (_, i) => unitRows(white.select(0, i)));
  const pairs = units.flatMap((a, i) => units.slice(i + 1).map((b) => unitDistance(a, b)));
  return { losses: pairs.reduce((sum, pair) => sum.add(pair)).div(pairs.length) };
});

/** `wMseLoss` with its options kept. */
export const WMSELoss = /* @__PURE__ */ lossClass("WMSELoss", wMseLoss);

/** Rows `[..., N, D]` with mean 0 and covariance I. */
function whitened(x: Tensor, eps: number): Tensor {
  const [n, d] = x.shape.slice(-2) as [number, number];
  const centred = centreColumns(x).transpose(-2, -1);
  const covariance = centred.matmul(centred.transpose(-2, -1)).div(n - 1);
  const shrunk = eps === 0 ? covariance : covariance.mul(1 - eps).add(eye(d, d, { dtype: x.dtype }).mul(eps));
  return solveTriangular(cholesky(shrunk, { op: OP }), centred).transpose(-2, -1);
}
