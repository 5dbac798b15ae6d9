import { cat, eye, logSumExp, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { rowProducts, unitRows } from "../metric/unit-rows.ts";
import { twoViews } from "./two-views.ts";

export interface DCLLossOptions extends ReductionOptions {
  /** What cosines are divided by. Default 0.1. */
  readonly temperature?: number;
}

export interface DCLWLossOptions extends DCLLossOptions {
  /** What the cosines of the weights are divided by. Default 0.5. */
  readonly sigma?: number;
}

/**
 * Decoupled contrastive loss: contrastive loss of two views without the positive pair in the denominator, which makes small batches learn faster.
 *
 *     loss_i = -cos(z_i, z_i') / t + log sum over the other images' views n of e^(cos(z_i, z_n) / t)
 *
 * Shapes: embeddings of two views `[N, D]`, N at least 2, to a scalar; with `reduction: "none"` `[2 N]`, the first view's losses before the second's.
 * Source: Yeh et al., "Decoupled Contrastive Learning" (2021), arXiv 2110.06848.
 * Differs from lightly: one logarithm over the others of both views, as in the paper and its authors' code, not one for each view.
 * @throws ShapeError unless both are `[N, D]` with two rows or more; ArgumentError for a temperature that is not positive.
 * @example dclLoss([[1, 0], [0, 1]], [[1, 0], [0, 1]], { temperature: 0.5 }).item() // -1.3068528175354004
 */
export const dclLoss = /* @__PURE__ */ lossFunction("dclLoss", (a: TensorArg, b: TensorArg, options: DCLLossOptions) =>
  decoupled("dclLoss", a, b, options, (positive) => positive),
);

/** `dclLoss` with its options kept. */
export const DCLLoss = /* @__PURE__ */ lossClass("DCLLoss", dclLoss);

/**
 * Decoupled contrastive loss with weights: `dclLoss` whose positive term has the weight `2 - e^(cos_i / sigma) / mean_j e^(cos_j / sigma)`, more for pairs that
 * are far apart. The weights are constants.
 *
 * Shapes: embeddings of two views `[N, D]`, N at least 2, to a scalar; with `reduction: "none"` `[2 N]`, the first view's losses before the second's.
 * Source: Yeh et al., "Decoupled Contrastive Learning" (2021), arXiv 2110.06848.
 * @throws ShapeError unless both are `[N, D]` with two rows or more; ArgumentError for a temperature or sigma that is not positive.
 * @example dclwLoss([[1, 0], [0, 1]], [[1, 0], [0, 1]], { temperature: 0.5 }).item() // -1.3068528175354004
 */
export const dclwLoss = /* @__PURE__ */ lossFunction(
  "dclwLoss",
  (a: TensorArg, b: TensorArg, { sigma = 0.5, ...options }: DCLWLossOptions) => {
    checkPositive("dclwLoss", "sigma", sigma);
    return decoupled("dclwLoss", a, b, options, (positive) => {
      const share = positive.detach().div(sigma).softmax(0);
      return positive.mul(share.mul(-positive.shape[0]!).add(2));
    });
  },
);

/** `dclwLoss` with its options kept. */
export const DCLWLoss = /* @__PURE__ */ lossClass("DCLWLoss", dclwLoss);

function decoupled(
  op: string,
  a: TensorArg,
  b: TensorArg,
  { temperature = 0.1 }: DCLLossOptions,
  weighed: (positive: Tensor) => Tensor,
): Tensor {
  checkPositive(op, "temperature", temperature);
  const [x, y] = twoViews(op, { a, b }, 2);
  const [u, v] = [unitRows(x), unitRows(y)];
  const all = cat([u, v], 0);
  const cosines = all.matmul(all.t()).div(temperature);
  const same = eye(x.shape[0]!, undefined, { dtype: "bool" });
  const row = cat([same, same], 1);
  const others = where(cat([row, row], 0), Number.NEGATIVE_INFINITY, cosines);
  const positive = weighed(rowProducts(u, v)).div(temperature);
  return logSumExp(others, 1).sub(cat([positive, positive], 0));
}
