import { isTracing, relu, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { resultDType } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { centreColumns, columnDeviation, offDiagonalSquares } from "./covariance.ts";
import { twoViews } from "./two-views.ts";

const OP = "vicRegLoss";

export interface VICRegOptions {
  /** Added to the variances under the root. Default 1e-4. */
  readonly eps?: number;
  /** The deviation that every dimension should have. Default 1. */
  readonly target?: number;
}

export interface VICRegLossOptions extends VICRegOptions, ReductionOptions {
  /** Weight of the invariance. Default 25. */
  readonly invariance?: number;
  /** Weight of the variance. Default 25. */
  readonly variance?: number;
  /** Weight of the covariance. Default 1. */
  readonly covariance?: number;
}

/** The three terms of VICReg, without weights. */
export interface VICRegParts {
  /** Mean squared difference of the two views. */
  readonly invariance: Tensor;
  /** Mean of what the dimensions' deviations lack, of both views. */
  readonly variance: Tensor;
  /** Squared covariances of different dimensions, summed over both views, over D. */
  readonly covariance: Tensor;
}

/**
 * Variance-invariance-covariance regularization: `loss = 25 invariance + 25 variance + covariance` (the default weights), with
 *
 *     invariance = mean (a - b)^2
 *     variance   = mean over both views and dimensions of max(0, 1 - sqrt(var + eps))
 *     covariance = sum over both views and dimensions i != j of cov_ij^2 / D
 *
 * Shapes: embeddings of two views `[N, D]`, N at least 2, to a scalar (`reduction` changes nothing). Variances and covariances are unbiased.
 * The root is a norm: its gradient is right for constant dimensions, with `eps: 0` too.
 * Source: Bardes et al., "VICReg" (2021), arXiv 2105.04906.
 * @throws ShapeError unless both are `[N, D]` with two rows or more; ArgumentError for negative weights.
 * @example vicRegLoss([[1, 0], [0, 1]], [[1, 0], [0, 2]]).item() // 12.990422248840332
 */
export const vicRegLoss = /* @__PURE__ */ lossFunction(OP, (a: TensorArg, b: TensorArg, options: VICRegLossOptions) => {
  const { invariance = 25, variance = 25, covariance = 1 } = options;
  for (const [name, weight] of Object.entries({ invariance, variance, covariance })) {
    checkOption(OP, name, weight, "0 or more", weight >= 0);
  }
  const parts = terms(OP, a, b, options);
  const regular = parts.variance.mul(variance).add(parts.covariance.mul(covariance));
  return parts.invariance.mul(invariance).add(regular);
});

/** `vicRegLoss` with its options kept. */
export const VICRegLoss = /* @__PURE__ */ lossClass("VICRegLoss", vicRegLoss);

/**
 * The terms of `vicRegLoss` one by one, for logging or weights of one's own.
 * @throws as `vicRegLoss` does.
 * @example vicRegParts([[1, 0], [0, 1]], [[1, 0], [0, 2]]).invariance.item() // 0.25
 */
export function vicRegParts(a: TensorArg, b: TensorArg, options: VICRegOptions = {}): VICRegParts {
  const { invariance, variance, covariance } = terms("vicRegParts", a, b, options);
  if (isTracing()) return { invariance, variance, covariance };
  const dtype = resultDType([a, b]);
  return { invariance: invariance.to(dtype), variance: variance.to(dtype), covariance: covariance.to(dtype) };
}

function terms(op: string, a: TensorArg, b: TensorArg, { eps = 1e-4, target = 1 }: VICRegOptions): VICRegParts {
  checkOption(op, "eps", eps, "0 or more", eps >= 0);
  checkPositive(op, "target", target);
  const [x, y] = twoViews(op, { a, b }, 2);
  const [n, d] = x.shape as [number, number];
  const [cx, cy] = [centreColumns(x), centreColumns(y)];
  const lacking = (centred: Tensor) =>
    relu(
      columnDeviation(centred, n - 1, eps)
        .neg()
        .add(target),
    ).mean();
  const shared = (centred: Tensor) =>
    offDiagonalSquares(
      centred
        .t()
        .matmul(centred)
        .div(n - 1),
    ).div(d);
  return {
    invariance: x.sub(y).square().mean(),
    variance: lacking(cx).add(lacking(cy)).mul(0.5),
    covariance: shared(cx).add(shared(cy)),
  };
}
