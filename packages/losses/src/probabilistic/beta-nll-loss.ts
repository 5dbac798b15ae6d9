import type { Tensor, TensorArg } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { fittingDoubles } from "./parameters.ts";

export interface BetaNLLLossOptions {
  /** How much the variance weighs each loss, from 0 (the likelihood itself) to 1 (the gradient of the mean is that of the squared error). Default 0.5. */
  readonly beta?: number;
  /** Whether `variance` holds the variance's logarithm. Default false. */
  readonly logVar?: boolean;
}

/**
 * Beta-NLL: the negative log likelihood of a normal distribution, each weighed by a power of its own variance that is a constant to the gradient, so that the mean
 * is learned where the variance is still large, too.
 *
 *     loss = [v^beta] (log v + (t - input)^2 / v) / 2
 *
 * Shapes: input (the mean), target and variance alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`. Not clamped: a variance of 0
 * is infinitely sure. `beta: 0` is `gaussianNllLoss` with `eps: 0`.
 * Source: Seitzer et al., "On the Pitfalls of Heteroscedastic Uncertainty Estimation with Probabilistic Neural Networks" (2022), arXiv 2203.09168.
 * @throws ArgumentError for a beta outside 0 to 1; ShapeError if the shapes do not fit or would stretch each other.
 * @example betaNllLoss([1], [3], [4]).item() // 2.386294364929199
 */
export const betaNllLoss = /* @__PURE__ */ lossFunction(
  "betaNllLoss",
  (input: TensorArg, target: TensorArg, variance: TensorArg, options: BetaNLLLossOptions): Tensor => {
    const { beta = 0.5, logVar = false } = options;
    checkOption("betaNllLoss", "beta", String(beta), "from 0 to 1", beta >= 0 && beta <= 1);
    const own = fittingDoubles("betaNllLoss", { input, target, variance });
    const s = logVar ? own.variance : own.variance.log();
    const z = own.target.sub(own.input).mul(s.mul(-0.5).exp());
    const likelihood = z.square().add(s).mul(0.5);
    return beta === 0 ? likelihood : likelihood.mul(s.detach().mul(beta).exp());
  },
);

/** `betaNllLoss` with its options kept. */
export const BetaNLLLoss = /* @__PURE__ */ lossClass("BetaNLLLoss", betaNllLoss);
