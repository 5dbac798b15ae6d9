import { ArgumentError, expm1, log1p, type Tensor } from "@tenon/numerics";
import { type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface TaylorCrossEntropyOptions {
  /** How many terms of the series are kept. Default 2. */
  readonly order: number;
}

/**
 * The first terms of cross entropy's Taylor series, for noisy labels: `loss = sum_{k=1..order} (1 - p_y)^k / k`. Order 1 is half the absolute error of
 * the softmax, many terms come to cross entropy; any order is bounded, by `1 + 1/2 + ... + 1/order`.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. "mean" divides by the weights of the rows that count, as `crossEntropy` does. 1 - p is `-expm1(log p)`.
 * Source: Feng et al., "Can Cross Entropy Loss Be Robust to Label Noise?" (IJCAI 2020).
 * @throws ArgumentError for an order that is not a whole number above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example taylorCrossEntropy([[0, 0]], [0]).item() // 0.625
 */
export const taylorCrossEntropy = /* @__PURE__ */ defineClassLoss<TaylorCrossEntropyOptions>(
  "taylorCrossEntropy",
  (rows, { order }) => {
    const missing = expm1(rows.crossEntropy().neg()).neg();
    // Horner: q (1 + q (1/2 + q (1/3 + ...))).
    let sum = missing.div(order);
    for (let k = order - 1; k >= 1; k--) sum = sum.add(1 / k).mul(missing);
    return sum;
  },
  {
    defaults: { order: 2 },
    precision: "input",
    check: (_rows, { order }) => checkOrder("taylorCrossEntropy", order, "a whole number above 0", order >= 1),
  },
);

function checkOrder(op: string, order: number, expected: string, fits: boolean): void {
  if (Number.isSafeInteger(order) && fits) return;
  throw new ArgumentError({ op, rule: "the order has no meaning here", received: String(order), expected });
}

/** `taylorCrossEntropy` with its options kept. */
export const TaylorCrossEntropyLoss = /* @__PURE__ */ lossClass("TaylorCrossEntropyLoss", taylorCrossEntropy);

/**
 * Cross entropy of the Taylor softmax, which has the exponential's first terms in its place: `loss = -log(f(z_y) / sum_c f(z_c))`,
 * `f(z) = sum_{k=0..order} z^k / k!`. An even order makes f positive everywhere.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. Despite the name it has nothing to do with `taylorCrossEntropy`.
 * Source: de Brébisson and Vincent, "An Exploration of Softmax Alternatives Belonging to the Spherical Loss Family" (2015), arXiv 1511.05042.
 * @throws ArgumentError for an order that is not even and above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example taylorSoftmaxCrossEntropy([[1, 0]], [1]).item() // 1.2527629137039185
 */
export const taylorSoftmaxCrossEntropy = /* @__PURE__ */ defineClassLoss<TaylorCrossEntropyOptions>(
  "taylorSoftmaxCrossEntropy",
  (rows, { order }) => rows.withLogits(logSeries(rows.logits, order)).crossEntropy(),
  {
    defaults: { order: 2 },
    check: (_rows: ClassRows, { order }) => {
      checkOrder("taylorSoftmaxCrossEntropy", order, "an even number above 0", order >= 2 && order % 2 === 0);
    },
  },
);

/** `log(1 + z + z^2 / 2! + ...)`, exact near 0. */
function logSeries(z: Tensor, order: number): Tensor {
  let sum = z.div(order);
  for (let k = order - 1; k >= 1; k--) sum = sum.add(1).mul(z).div(k);
  return log1p(sum);
}

/** `taylorSoftmaxCrossEntropy` with its options kept. */
export const TaylorSoftmaxCrossEntropyLoss = /* @__PURE__ */ lossClass(
  "TaylorSoftmaxCrossEntropyLoss",
  taylorSoftmaxCrossEntropy,
);
