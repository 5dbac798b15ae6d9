import { asTensor, isTracing, type Tensor, type TensorArg } from "@tenon/numerics";
import { countedTokens, overTokens, type SequenceLogProbsOptions } from "../alignment/sequence-log-probs.ts";
import { linearCrossEntropy } from "./linear-cross-entropy.ts";

const OP = "linearSequenceLogProbs";

export interface LinearSequenceLogProbsOptions extends SequenceLogProbsOptions {
  /** Added to the logits, `[V]`. Default none. */
  readonly linearBias?: TensorArg;
  /** Rows whose logits exist at one time. Default as many as fit into 32 MiB, at least 16. */
  readonly chunkSize?: number;
}

/**
 * `sequenceLogProbs` of `linear(hidden, linearWeight)` without ever holding all logits: what the losses of preferences and policies are fed with, in the memory of one chunk. Tokens
 * that do not count are left out before the product.
 *
 * Shapes: hidden `[..., T, D]`, linearWeight `[V, D]`, tokens (class indices) `[..., T]`, to `[...]`, or `[..., T]` with `reduction: "none"`. Sums over tokens are float64; each token's own
 * log-probability is rounded to the inputs' dtype first.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a token that is no class; ArgumentError for an unknown reduction or a chunk of no rows.
 * @example linearSequenceLogProbs([[[1, 0], [0, 0]]], [[2, 0], [0, 0]], [[0, 1]]).toArray() // [-0.8200752139091492]
 */
export function linearSequenceLogProbs(
  hidden: TensorArg,
  linearWeight: TensorArg,
  tokens: TensorArg,
  options: LinearSequenceLogProbsOptions = {},
): Tensor {
  const { linearBias, chunkSize } = options;
  const x = asTensor(hidden);
  const { indices, ignoreIndex } = countedTokens(OP, tokens, options);
  const rows = linearCrossEntropy(x, linearWeight, indices, {
    ignoreIndex,
    reduction: "none",
    ...(linearBias !== undefined && { linearBias }),
    ...(chunkSize !== undefined && { chunkSize }),
  }).neg();
  return overTokens(isTracing() ? rows : rows.to("float64"), indices, options, x.dtype);
}
