import { arange, isTracing, logicalAnd, logicalXor, logSoftmax, type Tensor, where } from "@tenon/numerics";
import { checkPositive } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { discounts, type GainOptions, normalizedGains } from "./gains.ts";
import { bothKept, defineRankingLoss, differences, type Lists } from "./lists.ts";

export interface NeuralNDCGLossOptions extends GainOptions {
  /** How soft the sorting is; small ones are nearer to the metric. Default 1. */
  readonly temperature?: number;
  /** How often rows and columns of the sorting are scaled to sum 1, at most. Default 50. */
  readonly maxIterations?: number;
  /** How near to 1 the sums of the columns must be, in all lists of a batch: they are scaled equally often. Default 1e-6. */
  readonly tolerance?: number;
}

/**
 * The logarithm of NeuralSort's soft permutation, `[B, N, N]`: row i says which item comes i-th. Items fill the first rows and their own columns, padding the rest.
 */
function softSort({ scores, kept, size }: Lists, temperature: number): { log: Tensor; inside: Tensor } {
  const items = kept.to(scores.dtype).sum(1, { keepdim: true });
  const place = arange(1, size + 1, 1, { dtype: scores.dtype });
  const distances = differences(scores, bothKept(kept)).abs().sum(2);
  const scale = items.add(1).sub(place.mul(2));
  const logits = scale.unsqueeze(2).mul(scores.unsqueeze(1)).sub(distances.unsqueeze(1)).div(temperature);
  const filled = place.le(items);
  const inside = logicalAnd(filled.unsqueeze(2), kept.unsqueeze(1));
  const mixed = logicalXor(filled.unsqueeze(2), kept.unsqueeze(1));
  const blocks = where(mixed, Number.NEGATIVE_INFINITY, where(inside, logits, 0));
  return { log: logSoftmax(blocks, 2), inside };
}

/** Scales columns and rows in turn until both sum to 1 (Sinkhorn), in logarithms. */
function doublyStochastic(log: Tensor, maxIterations: number, tolerance: number): Tensor {
  let scaled = log;
  for (let i = 0; i < maxIterations; i++) {
    scaled = logSoftmax(logSoftmax(scaled, 1), 2);
    if (isTracing() || scaled.size === 0) continue;
    const sums = scaled.detach().exp().sum(1);
    if ((sums.sub(1).abs().amax().item() as number) < tolerance) break;
  }
  return scaled;
}

/**
 * NeuralNDCG: minus NDCG of the gains sorted softly by the scores. `-sum_i (P g)_i / log2(1 + i)` with g the gains through the ideal DCG and P NeuralSort's soft
 * permutation, `P_i = softmax(((n + 1 - 2i) s - sum_k |s - s_k|) / temperature)`, scaled to rows and columns of sum 1.
 *
 * Shapes: scores and relevance `[N]` or `[..., N]`; to a scalar from -1 to 0, or `[...]` with `reduction: "none"`. Padding (`mask`, or relevance `paddingValue`) may lie
 * anywhere and takes no part; lists without relevant items cost 0 and are not in the mean. `k`: how many places count. Relevance has no gradient. The scaling
 * runs in logarithms, so that a column that almost vanishes needs no clamp.
 * Source: Pobrotyn and Bialobrzeski, "NeuralNDCG: Direct Optimisation of a Ranking Metric via Differentiable Relaxation of Sorting" (2021), arXiv 2102.07831;
 * Grover et al., "Stochastic Optimization of Sorting Networks via Continuous Relaxations" (2019).
 * Differs from allRank: padding need not come last; no epsilons; deterministic only.
 * @throws ShapeError unless the shapes agree; ArgumentError for a temperature that is not positive.
 * @example neuralNdcgLoss([2, 1, 0], [2, 0, 1]).item() // -0.897440493106842
 */
export const neuralNdcgLoss = /* @__PURE__ */ defineRankingLoss<NeuralNDCGLossOptions>(
  "neuralNdcgLoss",
  (lists, options) => {
    const { temperature = 1, maxIterations = 50, tolerance = 1e-6, k = lists.size } = options;
    checkPositive("neuralNdcgLoss", "temperature", temperature);
    const { gains, counted } = normalizedGains("neuralNdcgLoss", lists, options);
    const { log, inside } = softSort(lists, temperature);
    const permutation = where(inside, doublyStochastic(log, maxIterations, tolerance).exp(), 0);
    const sorted = permutation.mul(gains.unsqueeze(1)).sum(2);
    const top = arange(0, lists.size, 1, { dtype: gains.dtype }).lt(k);
    const dcg = where(top, sorted.div(discounts(lists.size, gains)), 0).sum(1);
    return { losses: dcg.neg(), counted };
  },
);

/** `neuralNdcgLoss` with its options kept. */
export const NeuralNDCGLoss = /* @__PURE__ */ lossClass("NeuralNDCGLoss", neuralNdcgLoss);
