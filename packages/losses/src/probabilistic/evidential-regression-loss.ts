import { log1p, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { logGammaRatio } from "../regression/log-gamma-ratio.ts";
import { log1pSquare } from "../regression/log1p-square.ts";
import { fittingDoubles } from "./parameters.ts";

const OP = "evidentialRegressionLoss";
const HALF_LOG_PI = 0.5 * Math.log(Math.PI);

export interface EvidentialRegressionLossOptions {
  /** Factor of the regulariser. Default 0.01, the paper's; its code defaults to 1. */
  readonly coefficient?: number;
}

/**
 * Deep evidential regression: the negative log likelihood of the Student t distribution that a normal-inverse-gamma prior (input, nu, alpha, beta) gives, and a
 * regulariser that takes evidence away where the prediction is wrong.
 *
 *     loss = log(pi / nu) / 2 - alpha log W + (alpha + 1/2) log(nu e^2 + W) + lgamma(alpha) - lgamma(alpha + 1/2) + coefficient |e| (2 nu + alpha)
 *     e = t - input,  W = 2 beta (1 + nu)
 *
 * Shapes: all five alike (or stretched to the greatest), to a scalar, or that shape with `reduction: "none"`; nu and beta above 0, alpha above 1. The logarithms of e^2 are
 * put together as `log1p(nu e^2 / W)` and those of the gamma functions by their ratio, so that much evidence costs no digits.
 * Source: Amini et al., "Deep Evidential Regression" (2020), arXiv 1910.02600.
 * @throws ArgumentError for a negative coefficient; ShapeError if the shapes do not fit or would stretch each other.
 * @example evidentialRegressionLoss([0], [1], [1], [2], [0.5]).item() // 1.6879184246063232
 */
export const evidentialRegressionLoss = /* @__PURE__ */ lossFunction(
  OP,
  (
    input: TensorArg,
    target: TensorArg,
    nu: TensorArg,
    alpha: TensorArg,
    beta: TensorArg,
    { coefficient = 0.01 }: EvidentialRegressionLossOptions,
  ): Tensor => {
    checkOption(OP, "coefficient", String(coefficient), "0 or more", coefficient >= 0);
    const own = fittingDoubles(OP, { input, target, nu, alpha, beta });
    const error = own.target.sub(own.input);
    // nu / W
    const precision = own.nu.div(own.nu.add(1)).div(own.beta.mul(2));
    const tail = log1pSquare(error.mul(precision.sqrt())).mul(own.alpha.add(0.5));
    const scale = own.beta.mul(2).log().add(log1p(own.nu)).sub(own.nu.log()).sub(own.alpha.log());
    const likelihood = scale.mul(0.5).add(HALF_LOG_PI).add(tail).sub(logGammaRatio(own.alpha, 0.5));
    if (coefficient === 0) return likelihood;
    return likelihood.add(error.abs().mul(own.nu.mul(2).add(own.alpha)).mul(coefficient));
  },
);

/** `evidentialRegressionLoss` with its options kept. */
export const EvidentialRegressionLoss = /* @__PURE__ */ lossClass("EvidentialRegressionLoss", evidentialRegressionLoss);
