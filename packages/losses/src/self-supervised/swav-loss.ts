import {
  asTensor,
  cat,
  isTracing,
  logSumExp,
  noGrad,
  stack,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { resultDType } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { checkViews, crossViewLosses } from "./cross-view.ts";
import { checkRank } from "./two-views.ts";

const OP = "swavLoss";

export interface SinkhornOptions {
  /** Entropy of the assignments: the smaller, the harder they are. Default 0.05. */
  readonly eps?: number;
  /** Times that prototypes, then samples, are brought to equal weight. Default 3. */
  readonly iterations?: number;
}

/**
 * Soft assignments of samples to prototypes that use all prototypes about equally (Sinkhorn and Knopp): `exp(scores / eps)` with its columns and
 * rows scaled in turn to equal sums, ending with rows that sum to 1.
 *
 * Shapes: scores `[N, K]` of N samples for K prototypes, to the same shape. Computed with logarithms in float64: scores of any size overflow nowhere, which
 * `exp(scores / 0.05)` does at 4.5 in float32.
 * Source: Cuturi, "Sinkhorn Distances" (2013), arXiv 1306.0895; as in Caron et al., "SwAV" (2020), arXiv 2006.09882.
 * @throws ShapeError unless scores are `[N, K]`; ArgumentError for an eps that is not positive or iterations below 1.
 * @example sinkhorn([[1, 0], [1, 0]]).toArray() // [[0.5, 0.5], [0.5, 0.5]]
 */
export function sinkhorn(scores: TensorArg, options: SinkhornOptions = {}): Tensor {
  const [x] = realDoubles(scores);
  checkRank("sinkhorn", "scores", x, "[N, K]");
  const assignments = assign("sinkhorn", x, options);
  return isTracing() ? assignments : assignments.to(resultDType([scores]));
}

function assign(op: string, scores: Tensor, { eps = 0.05, iterations = 3 }: SinkhornOptions): Tensor {
  checkPositive(op, "eps", eps);
  checkOption(op, "iterations", iterations, "a whole number from 1 on", Number.isInteger(iterations) && iterations > 0);
  let logs = scores.div(eps);
  for (let i = 0; i < iterations; i++) {
    // A prototype that is out of reach for all samples has nothing to scale.
    const weights = logSumExp(logs, 0, { keepdim: true });
    logs = logs.sub(where(weights.eq(Number.NEGATIVE_INFINITY), 0, weights));
    if (i < iterations - 1) logs = logs.logSoftmax(1);
  }
  return logs.softmax(1);
}

export interface SwAVLossOptions extends SinkhornOptions, ReductionOptions {
  /** Of the views' own distributions. Default 0.1. */
  readonly temperature?: number;
  /** How many of the views, from the first on, give assignments: the global crops. Default 2. */
  readonly assignedViews?: number;
  /** Scores of earlier samples, `[assignedViews, Q, K]`, that help to spread a small batch over the prototypes. Default none. */
  readonly queue?: TensorArg;
}

/**
 * Swapping assignments between views (SwAV): cross entropy of each view's distribution over the prototypes against the assignments of the other views.
 *
 *     loss = mean over a != v of -sum_k q_ak log softmax(scores_v / temperature)_k,    q_a = sinkhorn(scores_a)
 *
 * Shapes: scores (cosines of embeddings with prototypes) of all views `[V, N, K]`, the global crops first; to a scalar. With `reduction: "none"` `[V, N]`: each
 * view's loss, summed over the assignments of other views. No gradient flows through the assignments, which are float64.
 * Source: Caron et al., "Unsupervised Learning of Visual Features by Contrasting Cluster Assignments" (2020), arXiv 2006.09882.
 * @throws ShapeError; ArgumentError for a temperature or eps that is not positive, or more assigned views than views.
 * @example swavLoss([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).item() // 0.00004541951057035476
 */
export const swavLoss = /* @__PURE__ */ lossFunction(OP, (scores: TensorArg, options: SwAVLossOptions) => {
  const { temperature = 0.1, assignedViews = 2, queue } = options;
  checkPositive(OP, "temperature", temperature);
  const [x] = realDoubles(scores);
  checkRank(OP, "scores", x, "[V, N, K]");
  checkViews(OP, x.shape[0]!, assignedViews);
  const targets = noGrad(() => {
    const earlier = queue === undefined ? undefined : asTensor(queue).detach().to(x.dtype);
    if (earlier !== undefined) checkQueue(earlier, assignedViews, x.shape[2]!);
    const views = x.detach();
    return stack(
      Array.from({ length: assignedViews }, (_, v) => assignView(views.select(0, v), earlier?.select(0, v), options)),
      0,
    );
  });
  return crossViewLosses(x.div(temperature), targets);
});

/** `swavLoss` with its options kept. */
export const SwAVLoss = /* @__PURE__ */ lossClass("SwAVLoss", swavLoss);

function assignView(scores: Tensor, earlier: Tensor | undefined, options: SinkhornOptions): Tensor {
  if (earlier === undefined) return assign(OP, scores, options);
  return assign(OP, cat([scores, earlier], 0), options).narrow(0, 0, scores.shape[0]!);
}

function checkQueue(queue: Tensor, views: number, prototypes: number): void {
  checkRank(OP, "queue", queue, "[assignedViews, Q, K]");
  const fits = queue.shape[0] === views && queue.shape[2] === prototypes;
  checkOption(OP, "queue", queue.shape, `[${views}, Q, ${prototypes}]`, fits);
}
