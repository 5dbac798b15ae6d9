import {
  asIndexTensor,
  asTensor,
  checkClassTargets,
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
  const { ignoreIndex = -100, reduction = "sum", onEmpty = "nan", exact = false } = options;
  checkOneOf(OP, "reduction", reduction, ["none", "sum", "mean"]);
  const x = asTensor(logits);
  const given = asIndexTensor(tokens);
  const mask = options.mask === undefined ? undefined : asTensor(options.mask).to("bool");
  if (mask !== undefined) checkSameShape(OP, { tokens: given, mask });
  const indices = mask === undefined ? given : where(mask, given.to("int64"), ignoreIndex);
  const dim = Math.max(0, x.ndim - 1);
  checkClassTargets(OP, x, indices, { dim, ignoreIndex });
  const rows = softmaxCrossEntropy(x, indices, {
    dim,
    ignoreIndex,
    reduction: "none",
    exactRows: !isTracing(),
    op: OP,
  }).neg();
  const result = reduction === "none" ? rows : rows.sum(-1);
  const final = reduction === "mean" ? result.div(tokenCount(indices, ignoreIndex, onEmpty, rows)) : result;
  return exact || isTracing() ? final : final.to(x.dtype);
}

function tokenCount(indices: Tensor, ignoreIndex: number, onEmpty: "nan" | "zero", like: Tensor): Tensor {
  const count = indices.ne(ignoreIndex).to(like.dtype).sum(-1);
  return onEmpty === "nan" ? count : where(count.eq(0), 1, count);
}
