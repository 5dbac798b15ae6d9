import { GraphError, grad, type Tensor } from "@tenon/numerics";
import { lossFunction } from "../core/loss-function.ts";

export interface GradientPenaltyOptions {
  /** The length that gradients are drawn to: 0 for R1 and R2, 1 for a Wasserstein critic. Default 0. */
  readonly target?: number;
}

/**
 * Penalty on the slope of a discriminator: `(|gradient of score_n with respect to input_n| - target)^2`, the gradient's length over all of a sample's numbers.
 *
 * Shapes: scores `[N, ...]`, inputs `[N, ...]` that the scores were computed from and that require grad; to a scalar, or `[N]` with `reduction: "none"`. Differentiable itself, so it
 * can be trained. R1 is `gradientPenalty(scores, real)` times gamma / 2; a Wasserstein critic's penalty is that of points between real and made samples with `target: 1`, times 10.
 * Where a gradient is 0 the derivative of its length is taken to be 0. Source: Gulrajani et al., "Improved Training of Wasserstein GANs" (2017), arXiv 1704.00028; Mescheder et al., "Which Training
 * Methods for GANs do actually Converge?" (2018), arXiv 1801.04406.
 * @throws GraphError if the scores do not depend on the inputs, or the inputs do not require grad.
 */
export const gradientPenalty = /* @__PURE__ */ lossFunction(
  "gradientPenalty",
  (scores: Tensor, inputs: Tensor, { target = 0 }: GradientPenaltyOptions) => {
    if (!inputs.requiresGrad) {
      throw new GraphError({
        op: "gradientPenalty",
        rule: "the inputs do not require grad",
        hint: "Set inputs.requiresGrad = true before the discriminator scores them",
      });
    }
    const [slope] = grad([scores.sum()], [inputs], { createGraph: true });
    const [rows = 1, ...rest] = inputs.shape;
    const flat = slope!.to("float64").reshape([rows, rest.reduce((a, b) => a * b, 1)]);
    // The square itself has a derivative at 0; its root has not.
    return target === 0 ? flat.square().sum(1) : flat.norm(1).sub(target).square();
  },
);
