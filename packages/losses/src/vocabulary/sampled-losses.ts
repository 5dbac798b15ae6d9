import { cat, softmaxCrossEntropy, type TensorArg, unsqueeze, zeros } from "@tenon/numerics";
import { lossFunction } from "../core/loss-function.ts";
import { softplus } from "../core/softplus.ts";
import { type SampledLogits, type SampledLossOptions, sampledRows } from "./sampled-logits.ts";

/**
 * Sampled softmax loss: cross entropy among a row's target and a few sampled classes in place of all, for training large vocabularies.
 *
 *     loss_n = -log softmax([s(y_n), s(k_1), ..., s(k_S)])_1,    s(k) = input_n . linearWeight_k + linearBias_k - log E(count of k)
 *
 * Shapes: input `[..., D]`, linearWeight `[C, D]`, target class indices `[...]`; to a scalar, or the target's shape with `reduction: "none"`. `samples` is
 * required. A sampled class that is the row's target is left out of that row (`removeAccidentalHits: false` keeps it). Biased as an estimate
 * of the full cross entropy, so use that to evaluate. Only the matrix's rows that take part are read; sums are float64.
 * Source: Jean et al., "On Using Very Large Target Vocabulary for Neural Machine Translation" (2015), arXiv 1412.2007.
 * @throws ShapeError, DTypeError, ArgumentError; IndexOutOfRangeError for a target or sample that is no class.
 * @example
 * const samples = { ids: [1], expectedCount: (ids: Tensor) => onesLike(ids).to("float64") };
 * sampledSoftmaxLoss([[1]], [[2], [0], [5]], [0], { samples }).item() // 0.12692801654338837
 */
export const sampledSoftmaxLoss = /* @__PURE__ */ lossFunction(
  "sampledSoftmaxLoss",
  (input: TensorArg, linearWeight: TensorArg, target: TensorArg, options: SampledLossOptions) => {
    const { removeAccidentalHits = true } = options;
    const given = { ...options, removeAccidentalHits };
    return sampledRows("sampledSoftmaxLoss", [input, linearWeight, target], given, softmaxOfSample);
  },
);

function softmaxOfSample({ own, sampled }: SampledLogits) {
  const logits = cat([unsqueeze(own, 1), sampled], 1);
  return softmaxCrossEntropy(logits, zeros(own.shape, { dtype: "int64" }), { dim: 1, reduction: "none" });
}

/**
 * Noise-contrastive estimation: whether a class is the row's target or a sample of noise, as a yes or no for each.
 *
 *     loss_n = softplus(-s(y_n)) + sum_j softplus(s(k_j)),    s(k) = input_n . linearWeight_k + linearBias_k - log E(count of k)
 *
 * Shapes: input `[..., D]`, linearWeight `[C, D]`, target class indices `[...]`; to a scalar, or the target's shape with `reduction: "none"`. `samples` is
 * required. Samples that are the row's target count as noise, as the method has it (`removeAccidentalHits: true` leaves them out); `subtractLogCounts: false` makes it negative
 * sampling. Only the matrix's rows that take part are read; sums are float64.
 * Source: Mnih and Teh, "A Fast and Simple Algorithm for Training Neural Probabilistic Language Models" (2012), arXiv 1206.6426.
 * @throws ShapeError, DTypeError, ArgumentError; IndexOutOfRangeError for a target or sample that is no class.
 * @example
 * const samples = { ids: [1], expectedCount: (ids: Tensor) => onesLike(ids).to("float64") };
 * nceLoss([[1]], [[2], [0], [5]], [0], { samples }).item() // 0.8200752139091492
 */
export const nceLoss = /* @__PURE__ */ lossFunction(
  "nceLoss",
  (input: TensorArg, linearWeight: TensorArg, target: TensorArg, options: SampledLossOptions) => {
    const { removeAccidentalHits = false } = options;
    const given = { ...options, removeAccidentalHits };
    return sampledRows("nceLoss", [input, linearWeight, target], given, ({ own, sampled }) =>
      softplus(own.neg()).add(softplus(sampled).sum(1)),
    );
  },
);
