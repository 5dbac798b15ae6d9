import {
  ArgumentError,
  asTensor,
  expm1,
  reciprocal,
  scatter,
  type Tensor,
  type TensorArg,
  unsqueeze,
} from "@tenon/numerics";
import { type ClassRows, defineClassLoss } from "../core/define-class-loss.ts";
import { doubles, resultDType } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { softplus } from "../core/softplus.ts";
import { checkCounts, classValues, ofTarget } from "./class-values.ts";
import { bounded } from "./logistic.ts";

export interface ClassBalancedOptions {
  /** How soon further samples of a class add nothing new: 0 gives equal weights, 1 the inverse of the counts. Default 0.9999. */
  readonly beta?: number;
}

/**
 * Class weights by the effective number of samples: `w_c = (1 - beta) / (1 - beta^n_c)`, scaled to sum to the number of classes.
 *
 * Takes counts `[C]` above 0 and gives weights `[C]`, for the `weight` of any loss of class indices. The denominator is `-expm1(n log beta)`, so that a beta
 * near 1 keeps its digits; beta 1 is the limit, 1 / n.
 * Source: Cui et al., "Class-Balanced Loss Based on Effective Number of Samples" (2019), arXiv 1901.05555.
 * @throws ArgumentError for a count that is not above 0 or a beta outside [0, 1].
 * @example classBalancedWeights([1, 3], { beta: 0.5 }).toArray() // [1.2727272510528564, 0.7272727489471436]
 */
export function classBalancedWeights(counts: TensorArg, { beta = 0.9999 }: ClassBalancedOptions = {}): Tensor {
  checkBeta("classBalancedWeights", beta);
  const n = asTensor(counts);
  const [exact] = doubles(checkCounts("classBalancedWeights", n));
  return weightsOf(exact, beta).to(resultDType([n]));
}

function checkBeta(op: string, beta: number): void {
  if (beta >= 0 && beta <= 1) return;
  throw new ArgumentError({ op, rule: "beta must lie in [0, 1]", received: String(beta) });
}

function weightsOf(counts: Tensor, beta: number): Tensor {
  if (beta === 0) return counts.mul(0).add(1);
  const inverse = reciprocal(beta === 1 ? counts : expm1(counts.mul(Math.log(beta))).neg());
  return inverse.div(inverse.mean());
}

export interface ClassBalancedLossOptions {
  /** How many samples each class has in the training data, `[C]`, above 0. */
  readonly counts: TensorArg;
  /** As of `classBalancedWeights`. Default 0.9999. */
  readonly beta: number;
  /** What is weighted: cross entropy, binary cross entropy of every class against all others, or focal loss of the same. Default "softmax". */
  readonly loss: "softmax" | "sigmoid" | "focal";
  /** Of the focal loss. Default 2. */
  readonly gamma: number;
}

/**
 * Cross entropy, binary cross entropy or focal loss with `classBalancedWeights`: `loss = w_y l(z, y)`. With `s_c = 1` for the target and -1 for the others, l is
 *
 *     softmax:  -log softmax(z)_y
 *     sigmoid:  sum_c softplus(-s_c z_c)
 *     focal:    sum_c sigmoid(-s_c z_c)^gamma softplus(-s_c z_c)
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. `counts` is required. "mean" divides by the number of rows that count, as the paper does; `weight` multiplies on top.
 * Source: Cui et al., "Class-Balanced Loss Based on Effective Number of Samples" (2019), arXiv 1901.05555.
 * @throws ArgumentError for a count that is not above 0, an unknown loss, a negative gamma or a beta outside [0, 1]; ShapeError, DTypeError;
 * IndexOutOfRangeError for a target that is no class.
 * @example classBalancedLoss([[2, 0]], [1], { counts: [3, 1], beta: 0.5 }).item() // 2.7069993019104004
 */
export const classBalancedLoss = /* @__PURE__ */ defineClassLoss<ClassBalancedLossOptions>(
  "classBalancedLoss",
  (rows, { counts, beta, loss, gamma }) => {
    const known = checkCounts("classBalancedLoss", classValues("classBalancedLoss", "counts", counts, rows));
    const losses = loss === "softmax" ? rows.crossEntropy() : againstRest(rows, loss === "focal" ? gamma : 0);
    return losses.mul(ofTarget(weightsOf(known, beta), rows));
  },
  { defaults: { counts: [], beta: 0.9999, loss: "softmax", gamma: 2 }, check: checkOptions },
);

/** Every class against all others, summed. */
function againstRest({ logits, target, dim }: ClassRows, gamma: number): Tensor {
  const at = unsqueeze(target, dim);
  const wrongness = scatter(logits, dim, at, logits.gather(dim, at).neg());
  const losses = softplus(wrongness);
  // sigmoid(x)^gamma as an exponential, which neither rounds to 1 nor underflows early.
  const focused = gamma === 0 ? losses : losses.mul(softplus(bounded(wrongness).neg()).mul(-gamma).exp());
  return focused.sum(dim);
}

const LOSSES: readonly string[] = ["softmax", "sigmoid", "focal"];

function checkOptions(_rows: ClassRows, { beta, loss, gamma }: ClassBalancedLossOptions): void {
  const op = "classBalancedLoss";
  checkBeta(op, beta);
  if (!(gamma >= 0)) throw new ArgumentError({ op, rule: "gamma must be 0 or more", received: String(gamma) });
  if (LOSSES.includes(loss)) return;
  throw new ArgumentError({
    op,
    rule: "unknown loss",
    received: JSON.stringify(loss),
    expected: LOSSES.map((name) => JSON.stringify(name)).join(", "),
  });
}

/** `classBalancedLoss` with its options kept. */
export const ClassBalancedLoss = /* @__PURE__ */ lossClass("ClassBalancedLoss", classBalancedLoss);
