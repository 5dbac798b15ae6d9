import { softmaxCrossEntropy, type Tensor, type TensorArg } from "@tenon/numerics";
import { lossClass } from "./define-loss.ts";
import { checkReduction, meanOfNothing, type ReductionOptions } from "./reduction.ts";

export interface CrossEntropyOptions extends ReductionOptions {
  /** Factor of each class, `[C]`. Default none. */
  readonly weight?: TensorArg;
  /** Rows with this target have loss and gradient 0 and do not count in the mean. Default -100. */
  readonly ignoreIndex?: number;
  /** Share of every target that is spread evenly over all classes, the right one included. Default 0. */
  readonly labelSmoothing?: number;
  /** Where the classes lie. Default 1, or 0 for a single row. */
  readonly dim?: number;
}

/**
 * Cross entropy of logits: log-softmax and negative log likelihood in one, so that nothing is lost between them.
 *
 *     loss_n = -sum_c weight_c q_nc log softmax(x_n)_c,    q = (1 - s) target + s / C
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices (integers) `[]`, `[N]`, `[N, d1, ...]`, or probabilities (floats) of the
 * input's shape. Gives a scalar, or the indices' shape with `reduction: "none"`. "mean" divides by the sum of the weights of the targets
 * that are not ignored; for probabilities by the number of rows.
 *
 * Why the softmax lives inside: `log(softmax(x))` overflows or gives log(0) for large logits, and rounds a confident
 * prediction's loss to 0. Here `[20, 0]` with target 0 gives 2.0611536e-9, and the gradient with it.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class; ArgumentError for a smoothing above 1.
 * Differs from PyTorch: exact for confident rows; rows with infinite logits give their limits instead of NaN; 0 log 0 = 0; the
 * class dimension can be chosen; `onEmpty` chooses the mean of nothing.
 * @example crossEntropy([[20, 0]], [0]).item() // 2.06115369216775e-9
 */
export function crossEntropy(input: TensorArg, target: TensorArg, options: CrossEntropyOptions = {}): Tensor {
  const { reduction = "mean", onEmpty: _, ...rest } = options;
  checkReduction("crossEntropy", reduction);
  const loss = softmaxCrossEntropy(input, target, { ...rest, reduction });
  return guardEmpty("crossEntropy", loss, options, () =>
    softmaxCrossEntropy(input, target, { ...rest, reduction: "sum" }),
  );
}

/** What `onEmpty` asks for where the mean is one of nothing; a mean that is NaN for another reason stays. */
export function guardEmpty(op: string, loss: Tensor, options: ReductionOptions, sum: () => Tensor): Tensor {
  const { reduction = "mean", onEmpty = "nan" } = options;
  if (reduction !== "mean" || onEmpty === "nan" || !Number.isNaN(loss.item())) return loss;
  const total = sum();
  return total.item() === 0 ? meanOfNothing(op, total, onEmpty) : loss;
}

/** `crossEntropy` with its options kept. */
export const CrossEntropyLoss = /* @__PURE__ */ lossClass("CrossEntropyLoss", crossEntropy);
