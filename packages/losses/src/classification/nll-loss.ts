import { asTensor, fullLike, nll, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";

const OP = "nllLoss";

export interface NLLLossOptions extends ReductionOptions {
  /** Factor of each class, `[C]`. Default none. */
  readonly weight?: TensorArg;
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/**
 * Negative log likelihood of log-probabilities: `loss_n = -weight[target_n] * input[n, target_n]`.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`. "mean" divides by the sum of the weights of
 * the targets that are not ignored. The input is taken to be log-probabilities and is not checked: with logits use `crossEntropy`.
 * Source: Fisher, "On the Mathematical Foundations of Theoretical Statistics" (1922).
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * Differs from PyTorch: the class dimension can be chosen; `onEmpty` chooses the mean of nothing.
 * @example nllLoss([[-0.5, -1]], [1]).item() // 1
 */
export const nllLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, { weight, ...options }: NLLLossOptions): Losses => ({
    losses: () =>
      nll(input, target, { ...callOf(options), ...(weight !== undefined && { weight }), reduction: "none" }),
    // -1 as every log-probability: the sum of the losses is that of the weights.
    divisor: () => {
      const ones = fullLike(asTensor(input), -1);
      return nll(ones, target, { ...callOf(options), ...(weight !== undefined && { weight }), reduction: "sum" });
    },
  }),
  {
    fused: (input, target, { reduction, weight, ...options }) =>
      nll(input, target, { ...callOf(options), ...(weight !== undefined && { weight }), reduction }),
  },
);

function callOf({ ignoreIndex = -100, dim }: NLLLossOptions) {
  return { ignoreIndex, op: OP, ...(dim !== undefined && { dim }) };
}

/** `nllLoss` with its options kept. */
export const NLLLoss = /* @__PURE__ */ lossClass("NLLLoss", nllLoss);
