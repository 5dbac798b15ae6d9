import { indexSelect, isTracing, softmaxCrossEntropy, type Tensor, UnsupportedError } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, type PairBatch, pairLossClass } from "./define-pair-loss.ts";
import { dotMeasure } from "./measure.ts";
import { indexTensor, indexValues } from "./pair-indices.ts";
import { positivePairsOf } from "./triplets.ts";

export interface NPairsLossOptions {
  /** Factor of the regulariser, which keeps embeddings short: `(|a|^2 + |p|^2) / 4` of each pair is added. Default 0.002. */
  readonly regularization: number;
}

/**
 * Multi-class N-pair loss: one pair (a, p) of each class, every anchor classified among all the positives.
 *
 *     loss_i = log(1 + sum over j other than i of e^(a_i . p_j - a_i . p_i)) + regularization * (|a_i|^2 + |p_i|^2) / 4
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`; to a scalar, or `[K]` with `reduction: "none"`, K the classes that have a pair. The pair of a class is its first one:
 * of the batch, or of the `indices`. "mean" divides by K. Embeddings are not normalised. Which pairs there are depends on the labels' values, so it has no ONNX form.
 * Source: Sohn, "Improved Deep Metric Learning with Multi-class N-pair Loss Objective" (2016); the regulariser and its factor are TensorFlow's.
 * @throws ArgumentError for a negative regularisation; ShapeError; DTypeError for labels that are no whole numbers.
 * @example nPairsLoss([[1, 0], [2, 0], [0, 1], [0, 2]], [0, 0, 1, 1]).item() // 0.12942801415920258
 */
export const nPairsLoss = /* @__PURE__ */ definePairLoss<NPairsLossOptions>(
  "nPairsLoss",
  (batch, { regularization }): Losses => {
    const [anchors, positives] = firstPairs(batch);
    const a = indexSelect(batch.embeddings, 0, anchors);
    const p = indexSelect(batch.references, 0, positives);
    const values = batch.measure.matrix(a, p);
    const logits = batch.measure.similarity ? values : values.neg();
    const n = anchors.size;
    const targets = indexTensor(Array.from({ length: n }, (_, i) => i));
    const surprise = softmaxCrossEntropy(logits, targets, { reduction: "none", exactRows: true, op: "nPairsLoss" });
    const lengths = a.square().sum(-1).add(p.square().sum(-1));
    return { losses: surprise.add(lengths.mul(regularization / 4)) };
  },
  {
    defaults: { regularization: 0.002 },
    distance: dotMeasure,
    check: ({ regularization }) =>
      checkOption("nPairsLoss", "regularization", String(regularization), "0 or more", regularization >= 0),
  },
);

/** `nPairsLoss` with its options kept. */
export const NPairsLoss = /* @__PURE__ */ pairLossClass("NPairsLoss", nPairsLoss);

/** The first pair of each class. */
function firstPairs(batch: PairBatch): [Tensor, Tensor] {
  if (isTracing()) {
    throw new UnsupportedError({
      op: "nPairsLoss",
      rule: "which pairs it takes depends on the labels' values, so it has no graph",
      received: "a trace",
    });
  }
  const pairs = positivePairsOf(batch);
  const [anchors, positives, labels] = [pairs.anchors, pairs.positives, batch.labels].map(indexValues);
  const seen = new Set<number>();
  const first = anchors!.flatMap((a, i) => {
    const label = labels![a]!;
    if (seen.has(label)) return [];
    seen.add(label);
    return [i];
  });
  return [indexTensor(first.map((i) => anchors![i]!)), indexTensor(first.map((i) => positives![i]!))];
}
