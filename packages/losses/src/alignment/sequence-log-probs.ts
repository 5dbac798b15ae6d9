import {
  asIndexTensor,
  asTensor,
  checkClassTargets,
  type DType,
  isTracing,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  where,
} from "@tenon/numerics";
import { checkOneOf } from "../core/check-option.ts";
import { checkSameShape } from "../core/check-same-shape.ts";

const OP = "sequenceLogProbs";

export interface SequenceLogProbsOptions {
  /** Which tokens count (bool, the tokens' shape): prompt and padding do not. Default all. */
  readonly mask?: TensorArg;
  /** Tokens with this index do not count, either. Default -100. */
  readonly ignoreIndex?: number;
  /** "none" gives every token's log-probability, 0 where it does not count. Default "sum". */
  readonly reduction?: "none" | "sum" | "mean";
  /** What the mean over no tokens is. Default "nan". */
  readonly onEmpty?: "nan" | "zero";
  /** Gives float64, for a loss that goes on with it: float32 keeps 7 digits of a sum over a thousand tokens. Default false. */
  readonly exact?: boolean;
}

/**
 * Log-probabilities of sequences: `sum over t of log softmax(logits_t)[token_t]`, or the mean over the tokens that count.
 *
 * Shapes: logits `[..., T, V]`, tokens (class indices) `[..., T]`, to `[...]`, or `[..., T]` with `reduction: "none"`. The logits at t are those for
 * the token at t: shift one of them where a model predicts the next token.
 *
 * Rows of the fused cross entropy, summed in float64: the log-softmax of all V classes is never stored, and the gradient is written in the forward pass.
 * Tokens that do not count have gradient 0, whatever their logits are.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a token that is no class; ArgumentError for an unknown reduction.
 * @example sequenceLogProbs([[[2, 0], [0, 0]]], [[0, 1]]).toArray() // [-0.8200752139091492]
 */
export function sequenceLogProbs(logits: TensorArg, tokens: TensorArg, options: SequenceLogProbsOptions = {}): Tensor {
  const x = asTensor(logits);
  const { indices, ignoreIndex } = countedTokens(OP, tokens, options);
  const dim = Math.max(0, x.ndim - 1);
  checkClassTargets(OP, x, indices, { dim, ignoreIndex });
  const call = { dim, ignoreIndex, reduction: "none", op: OP } as const;
  const rows = softmaxCrossEntropy(x, indices, { ...call, exactRows: !isTracing() }).neg();
  return overTokens(rows, indices, options, x.dtype);
}

/** The tokens as class indices, with those that do not count as `ignoreIndex`. */
export function countedTokens(op: string, tokens: TensorArg, options: SequenceLogProbsOptions) {
  const { ignoreIndex = -100, reduction = "sum" } = options;
  checkOneOf(op, "reduction", reduction, ["none", "sum", "mean"]);
  const given = asIndexTensor(tokens);
  const mask = options.mask === undefined ? undefined : asTensor(options.mask).to("bool");
  if (mask !== undefined) checkSameShape(op, { tokens: given, mask });
  return { indices: mask === undefined ? given : where(mask, given.to("int64"), ignoreIndex), ignoreIndex };
}

/** Tokens' log-probabilities along the last dimension as the options ask, in `dtype` unless exact ones are wanted. */
export function overTokens(rows: Tensor, indices: Tensor, options: SequenceLogProbsOptions, dtype: DType): Tensor {
  const { ignoreIndex = -100, reduction = "sum", onEmpty = "nan", exact = false } = options;
  const result = reduction === "none" ? rows : rows.sum(-1);
  const final = reduction === "mean" ? result.div(tokenCount(indices, ignoreIndex, onEmpty, rows)) : result;
  return exact || isTracing() ? final : final.to(dtype);
}

function tokenCount(indices: Tensor, ignoreIndex: number, onEmpty: "nan" | "zero", like: Tensor): Tensor {
  const count = indices.ne(ignoreIndex).to(like.dtype).sum(-1);
  return onEmpty === "nan" ? count : where(count.eq(0), 1, count);
}
