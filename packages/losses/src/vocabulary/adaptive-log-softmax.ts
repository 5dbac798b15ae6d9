import {
  ArgumentError,
  asIndexTensor,
  asTensor,
  cat,
  checkClassTargets,
  formatShape,
  fromTypedArray,
  indexAdd,
  indexSelect,
  isTracing,
  linear,
  logSoftmax,
  narrow,
  ShapeError,
  sameShape,
  scatter,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  where,
  zeros,
} from "@tenon/numerics";
import { doubles } from "../core/doubles.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";

/** The matrices of an adaptive softmax over C classes, ordered from frequent to rare and cut into a shortlist and clusters. */
export interface AdaptiveSoftmaxWeights {
  /** Where the clusters begin: increasing, above 0 and below C. The first is the size of the shortlist. */
  readonly cutoffs: readonly number[];
  /** `[cutoffs[0] + clusters, D]`: the shortlist's classes, then one logit for each cluster. */
  readonly headWeight: TensorArg;
  /** `[cutoffs[0] + clusters]`. Default none. */
  readonly headBias?: TensorArg;
  /** Of each cluster a projection `[H, D]` and the classes' rows `[size, H]`. */
  readonly tail: readonly (readonly [projection: TensorArg, weight: TensorArg])[];
}

interface Adaptive {
  readonly op: string;
  readonly weights: AdaptiveSoftmaxWeights;
  /** The first class of the shortlist and of each cluster, and the number of classes. */
  readonly bounds: readonly number[];
  readonly shortlist: number;
  head(x: Tensor): Tensor;
  cluster(x: Tensor, i: number): Tensor;
}

/** @throws ArgumentError, ShapeError unless the matrices fit the cutoffs. */
function adaptive(op: string, x: Tensor, weights: AdaptiveSoftmaxWeights): Adaptive {
  const { cutoffs, tail } = weights;
  checkCutoffs(op, cutoffs);
  const [head, clusters] = [asTensor(weights.headWeight), tail.map((pair) => pair.map(asTensor) as [Tensor, Tensor])];
  if (clusters.length !== cutoffs.length) {
    throw new ArgumentError({
      op,
      rule: "there must be one pair of matrices for each cutoff",
      received: `${clusters.length} pairs, ${cutoffs.length} cutoffs`,
    });
  }
  const shortlist = cutoffs[0]!;
  const features = x.shape.at(-1) ?? 0;
  checkMatrix(op, "headWeight", head, [shortlist + clusters.length, features]);
  const bounds = [0, ...cutoffs];
  clusters.forEach(([projection, weight], i) => {
    checkMatrix(op, `the projection of cluster ${i}`, projection, [projection.shape[0] ?? 1, features]);
    // Nothing but its weight says how many classes the last cluster has.
    const end = cutoffs[i + 1] ?? cutoffs[i]! + (weight.shape[0] ?? 0);
    checkMatrix(op, `the weight of cluster ${i}`, weight, [end - cutoffs[i]!, projection.shape[0]!]);
    if (i === clusters.length - 1) bounds.push(end);
  });
  return {
    op,
    weights,
    bounds,
    shortlist,
    head: (rows) => linear(rows, head, weights.headBias),
    cluster: (rows, i) => linear(linear(rows, clusters[i]![0]), clusters[i]![1]),
  };
}

export function checkCutoffs(op: string, cutoffs: readonly number[], classes = Number.POSITIVE_INFINITY): void {
  const whole = cutoffs.every((c, i) => Number.isSafeInteger(c) && c > (cutoffs[i - 1] ?? 0) && c < classes);
  if (whole && cutoffs.length > 0) return;
  throw new ArgumentError({
    op,
    rule: "cutoffs must be increasing whole numbers above 0 and below the number of classes",
    received: `[${cutoffs.join(", ")}]${Number.isFinite(classes) ? ` of ${classes} classes` : ""}`,
  });
}

function checkMatrix(op: string, what: string, matrix: Tensor, expected: readonly number[]): void {
  if (sameShape(matrix.shape, expected)) return;
  throw new ShapeError({
    op,
    rule: `${what} does not fit`,
    received: formatShape(matrix.shape),
    expected: formatShape(expected),
  });
}

export interface AdaptiveLogSoftmaxLossOptions extends ReductionOptions, AdaptiveSoftmaxWeights {
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
}

const LOSS = "adaptiveLogSoftmaxLoss";

/**
 * Cross entropy of an adaptive softmax: frequent classes lie in a shortlist, rare ones in clusters that are only computed for the rows that need them,
 * with fewer features the rarer they are.
 *
 *     loss_n = -log p_head(y_n)                                      for a class of the shortlist
 *     loss_n = -log p_head(cluster of y_n) - log p_cluster(y_n)      for the others
 *
 * Shapes: input `[..., D]`, target class indices `[...]`; to a scalar, or the target's shape with `reduction: "none"`. The matrices and `cutoffs` are
 * options; `AdaptiveLogSoftmaxWithLoss` owns them. Sums of products are float32, as `linear`'s are; softmaxes and logarithms are exact.
 * Source: Grave et al., "Efficient softmax approximation for GPUs" (2017), arXiv 1609.04309.
 * @throws ArgumentError for cutoffs that do not increase; ShapeError; IndexOutOfRangeError for a target that is no class.
 * Differs from PyTorch: a function too, any leading dimensions, `reduction`, `ignoreIndex`.
 * @example
 * const weights = { cutoffs: [1], headWeight: [[1], [0]], tail: [[[[1]], [[1], [0]]]] as const };
 * adaptiveLogSoftmaxLoss([[2]], [2], weights).item() // 4.253856182098389
 */
export const adaptiveLogSoftmaxLoss = /* @__PURE__ */ lossFunction(
  LOSS,
  (input: TensorArg, target: TensorArg, options: AdaptiveLogSoftmaxLossOptions): Losses => {
    const { ignoreIndex = -100 } = options;
    const [given, labels] = [asTensor(input), asIndexTensor(target)];
    const parts = adaptive(LOSS, given, options);
    checkTargets(given, labels, parts, ignoreIndex);
    const x = given.reshape([labels.size, given.shape.at(-1)!]);
    const t = labels.to("int64").flatten();
    const losses = parts.weights.tail.reduce(
      (sum: Tensor, _, i) => sum.add(clusterRows(parts, x, t, i)),
      headRows(parts, x, t, ignoreIndex),
    );
    return { losses: losses.reshape(labels.shape), divisor: labels.ne(ignoreIndex).to("float64").sum() };
  },
);

function checkTargets(x: Tensor, t: Tensor, { bounds }: Adaptive, ignoreIndex: number): void {
  const rows = x.shape.slice(0, -1);
  // The check looks at the targets alone, so that one number stands for all logits.
  const logits = zeros(rows.map(() => 1).concat(1)).expand([...rows, bounds.at(-1)!]);
  checkClassTargets(LOSS, logits, t, { dim: rows.length, ignoreIndex });
}

/** Cross entropy in float64, one a row; 0 where the target is -100. */
function rowsOf(logits: Tensor, target: Tensor, ignoreIndex = -100): Tensor {
  return softmaxCrossEntropy(logits, target, {
    ...{ dim: 1, reduction: "none", ignoreIndex, exactRows: !isTracing(), op: LOSS },
  });
}

function headRows({ bounds, shortlist, head }: Adaptive, x: Tensor, t: Tensor, ignoreIndex: number): Tensor {
  const target = bounds.slice(1, -1).reduce((at, low, i) => where(t.ge(low), shortlist + i, at), t);
  return rowsOf(head(x), where(t.eq(ignoreIndex), -100, target));
}

/** What the rows of a cluster's classes cost within it; 0 for the others. */
function clusterRows({ bounds, cluster }: Adaptive, x: Tensor, t: Tensor, i: number): Tensor {
  const [low, high] = [bounds[i + 1]!, bounds[i + 2]!];
  const inside = t.ge(low).logicalAnd(t.lt(high));
  const relative = where(inside, t.sub(low), -100);
  if (isTracing()) return rowsOf(cluster(x, i), relative);
  const rows = positions(inside);
  const costs = rowsOf(cluster(indexSelect(x, 0, rows), i), indexSelect(relative, 0, rows));
  return indexAdd(zeros([t.size], { dtype: costs.dtype }), 0, rows, costs);
}

/** Where a vector is true. */
function positions(mask: Tensor): Tensor {
  const flags = mask.data();
  const found: bigint[] = [];
  for (let i = 0; i < flags.length; i++) if (flags[i]) found.push(BigInt(i));
  return fromTypedArray(BigInt64Array.from(found), [found.length]);
}

/**
 * The logarithms of all classes' probabilities under an adaptive softmax.
 *
 * Shapes: input `[..., D]` to `[..., C]`. See `adaptiveLogSoftmaxLoss`.
 * @throws ArgumentError for cutoffs that do not increase; ShapeError unless the matrices fit.
 * @example
 * const weights = { cutoffs: [1], headWeight: [[1], [0]], tail: [[[[1]], [[1], [0]]]] as const };
 * adaptiveLogSoftmax([2], weights).toArray() // [-0.12692801654338837, -2.2538559436798096, -4.253856182098389]
 */
export function adaptiveLogSoftmax(input: TensorArg, weights: AdaptiveSoftmaxWeights): Tensor {
  const x = asTensor(input);
  const { head, cluster, shortlist } = adaptive("adaptiveLogSoftmax", x, weights);
  const logs = (logits: Tensor) => logSoftmax(doubles(logits)[0], -1);
  const first = logs(head(x));
  const rest = weights.tail.map((_, i) => narrow(first, -1, shortlist + i, 1).add(logs(cluster(x, i))));
  return cat([narrow(first, -1, 0, shortlist), ...rest], -1).to(x.dtype);
}

/** The most probable class of each row, int64 `[...]`; clusters are computed for the rows that prefer one only. */
export function adaptivePrediction(input: TensorArg, weights: AdaptiveSoftmaxWeights): Tensor {
  const x = asTensor(input);
  if (isTracing()) return adaptiveLogSoftmax(x, weights).argmax(-1);
  const { head, shortlist } = adaptive("predict", x, weights);
  const rows = x.reshape([-1, x.shape.at(-1)!]);
  const best = head(rows).argmax(-1);
  const elsewhere = positions(best.ge(shortlist));
  if (elsewhere.size === 0) return best.reshape(x.shape.slice(0, -1));
  const exact = adaptiveLogSoftmax(indexSelect(rows, 0, elsewhere), weights).argmax(-1);
  return scatter(best, 0, elsewhere, exact).reshape(x.shape.slice(0, -1));
}
