import { nll, type Tensor, type TensorArg } from "@tenon/numerics";
import { guardEmpty } from "./cross-entropy.ts";
import { lossClass } from "./define-loss.ts";
import { checkReduction, type ReductionOptions } from "./reduction.ts";

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
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * Differs from PyTorch: the class dimension can be chosen; `onEmpty` chooses the mean of nothing.
 * @example nllLoss([[-0.5, -1]], [1]).item() // 1
 */
export function nllLoss(input: TensorArg, target: TensorArg, options: NLLLossOptions = {}): Tensor {
  const { reduction = "mean", onEmpty: _, ...rest } = options;
  checkReduction("nllLoss", reduction);
  const loss = nll(input, target, { ...rest, reduction });
  return guardEmpty("nllLoss", loss, options, () => nll(input, target, { ...rest, reduction: "sum" }));
}

/** `nllLoss` with its options kept. */
export const NLLLoss = /* @__PURE__ */ lossClass("NLLLoss", nllLoss);
