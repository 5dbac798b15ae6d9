import { normalizeDim, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { doubles } from "../core/doubles.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";

export interface FenchelYoungOptions extends ReductionOptions {
  /** The dimension of the scores. Default the last. */
  readonly dim?: number;
}

/**
 * Makes a loss from a maximum of one's own: `loss = maximum(scores) - sum_c target_c scores_c`, where `maximum` is any convex function of the scores along one
 * dimension, and its gradient the prediction. The loss's gradient is that prediction less the target, so that it is least where they agree; it is 0
 * there if the target's entropy is (a class, say).
 *
 * Shapes of the loss: scores and target alike, `[..., C]`; to a scalar, or without the dimension `dim` (default the last) with `reduction: "none"`. "mean" divides by
 * the number of rows. It computes in float64; `maximum` gets float64 scores and gives one number for each row.
 *
 * For the maxima with known losses use those, which do not cancel where scores and target nearly agree: `crossEntropy` for logSumExp, `entmaxLoss`, `sparsemaxLoss`.
 * Source: Blondel et al., "Learning with Fenchel-Young Losses" (2020), arXiv 1901.02324.
 * @throws ShapeError (the loss) unless the shapes agree.
 * @example
 * const perceptron = fenchelYoungLoss("perceptron", (scores, dim) => amax(scores, dim));
 * perceptron([[1, 3]], [[1, 0]]).item() // 2
 */
export function fenchelYoungLoss(
  name: string,
  maximum: (scores: Tensor, dim: number) => Tensor,
): Loss<[scores: TensorArg, target: TensorArg], FenchelYoungOptions> {
  return lossFunction(name, (scores: TensorArg, target: TensorArg, options: FenchelYoungOptions) => {
    const [z, t] = doubles(scores, target);
    checkSameShape(name, { scores: z, target: t });
    const dim = normalizeDim(name, options.dim ?? -1, z.ndim);
    // 0 of an infinite score is nothing.
    const said = where(t.eq(0).logicalAnd(z.eq(Number.NEGATIVE_INFINITY)), 0, z)
      .mul(t)
      .sum(dim);
    return maximum(z, dim).sub(said);
  });
}
