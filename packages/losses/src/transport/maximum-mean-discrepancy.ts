import { expm1, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkAllPositive, checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { pointSets } from "./point-sets.ts";
import { squaredDistances } from "./squared-distances.ts";

const OP = "maximumMeanDiscrepancy";

export interface MaximumMeanDiscrepancyOptions {
  /** Widths of the Gaussian kernels, whose values are averaged: `e^(-|x - y|^2 / (2 sigma^2))`. Default 1. */
  readonly sigma?: number | readonly number[];
  /** Leaves out each point's kernel with itself, which makes the estimate unbiased and lets it fall below 0. Default false. */
  readonly unbiased?: boolean;
}

/**
 * Maximum mean discrepancy of two samples, squared: how far apart the means of their features are that a Gaussian kernel k stands for.
 *
 *     loss = mean of k(x_i, x_j) + mean of k(y_i, y_j) - 2 mean of k(x_i, y_j)
 *
 * Shapes: input `[n, D]` or `[..., n, D]`, target `[m, D]` or `[..., m, D]`; to a scalar, or `[]`, `[...]` with `reduction: "none"`. `unbiased` divides by n (n - 1) and
 * m (m - 1) without the pairs i = j. Means of `expm1` instead of the kernels', in which the ones, that cancel, are left out: sets close beside a large
 * sigma keep their digits. Source: Gretton et al., "A Kernel Two-Sample Test" (2012).
 * @throws ShapeError unless both are sets of vectors of one size; ArgumentError for a sigma that is not above 0, none, or one point with `unbiased`.
 * @example maximumMeanDiscrepancy([[0], [1]], [[3], [4]]).item() // 1.5275863409042358
 */
export const maximumMeanDiscrepancy = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: MaximumMeanDiscrepancyOptions): Tensor => {
    const { sigma = 1, unbiased = false } = options;
    const sigmas = typeof sigma === "number" ? [sigma] : sigma;
    checkOption(OP, "sigma", sigmas, "a number or several", sigmas.length > 0);
    for (const s of sigmas) checkAllPositive(OP, { sigma: s });
    const { x, y, unbatch } = pointSets(OP, input, target, "point");
    const [n, m] = [x.shape[1]!, y.shape[1]!];
    checkOption(OP, "unbiased", unbiased, "false for a single point", !unbiased || (n > 1 && m > 1));
    const own = (z: Tensor, count: number) => kernels(z, z, sigmas).div(unbiased ? count * (count - 1) : count ** 2);
    return unbatch(
      own(x, n)
        .add(own(y, m))
        .sub(kernels(x, y, sigmas).mul(2 / (n * m))),
    );
  },
);

/** `maximumMeanDiscrepancy` with its options kept. */
export const MaximumMeanDiscrepancyLoss = /* @__PURE__ */ lossClass(
  "MaximumMeanDiscrepancyLoss",
  maximumMeanDiscrepancy,
);

/** The sum over all pairs of the kernel less 1, so that a point with itself gives 0. */
function kernels(x: Tensor, y: Tensor, sigmas: readonly number[]): Tensor {
  const squares = squaredDistances(x, y);
  const each = sigmas.map((sigma) => expm1(squares.mul(-0.5 / sigma ** 2)));
  return each
    .reduce((a, b) => a.add(b))
    .sum([1, 2])
    .div(sigmas.length);
}
