import { divergenceError, type Tensor, type TensorArg } from "@tenon/numerics";
import { defineLoss, type ElementwiseLossOptions } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { checkReduction, type Reduction } from "../core/reduction.ts";

export interface KLDivOptions extends Omit<ElementwiseLossOptions, "reduction" | "weight"> {
  /** "mean" divides by the number of elements, "batchmean" by the first dimension's size: the divergence proper, per sample. Default "mean". */
  readonly reduction?: Reduction | "batchmean";
  /** Whether the target holds log-probabilities too. Default false. */
  readonly logTarget?: boolean;
}

const pointwise = /* @__PURE__ */ defineLoss<{ readonly logTarget: boolean }>(
  "klDiv",
  (input, target, { logTarget }) => divergenceError(input, target, { logTarget, reduction: "none" }),
  {
    fused: (input, target, { logTarget, reduction }) => divergenceError(input, target, { logTarget, reduction }),
    defaults: { logTarget: false },
    precision: "input",
  },
);

/**
 * Kullback-Leibler divergence of the model's log-probabilities `input` from the probabilities `target`: pointwise
 * `target (log target - input)`, 0 where the target is 0; with `logTarget` `exp(target) (target - input)`.
 *
 * Shapes: input and target alike (or one stretched to the other's); to a scalar, or the same shape with `reduction: "none"`. Use "batchmean" for the divergence in the mathematical
 * sense: "mean", the default as in PyTorch, divides by the classes too.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it); ArgumentError for an unknown reduction.
 * Differs from PyTorch: 0 instead of NaN where a target of 0 meets an input of -inf.
 * @example klDiv([[-1, -0.5]], [[0.25, 0.75]], { reduction: "batchmean" }).item() // 0.06266485154628754
 */
export function klDiv(input: TensorArg, target: TensorArg, options: KLDivOptions = {}): Tensor {
  const { reduction = "mean", ...rest } = options;
  checkReduction("klDiv", reduction, ["batchmean"]);
  if (reduction !== "batchmean") return pointwise(input, target, { ...rest, reduction });
  const losses = pointwise(input, target, { ...rest, reduction: "none" });
  return losses.sum().div(losses.shape[0] ?? 1);
}

/** `klDiv` with its options kept. */
export const KLDivLoss = /* @__PURE__ */ lossClass("KLDivLoss", klDiv);
