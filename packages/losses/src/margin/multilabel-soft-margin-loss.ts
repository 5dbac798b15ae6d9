import { binaryEntropyWithLogits, type TensorArg } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { doubles } from "../core/doubles.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";

const OP = "multilabelSoftMarginLoss";

export interface MultiLabelSoftMarginLossOptions extends ReductionOptions {
  /** Factor of each class, `[C]` (any shape that broadcasts to the losses'); the mean does not divide by it. Default none. */
  readonly weight?: TensorArg;
  /** Whether the classes of a row are averaged before the reduction, as PyTorch does; false leaves one loss for each class. Default true. */
  readonly rowMean?: boolean;
  /** Whether to refuse targets outside [0, 1]. Default false. */
  readonly checkTarget?: boolean;
}

const elementwise = /* @__PURE__ */ defineLoss(
  OP,
  (input, target) => binaryEntropyWithLogits(input, target, { reduction: "none" }),
  {
    fused: (input, target, { reduction }) => binaryEntropyWithLogits(input, target, { reduction }),
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/**
 * Binary cross entropy of several labels a row: `loss = mean over c of weight_c (target_c softplus(-input_c) + (1 - target_c) softplus(input_c))`.
 *
 * Shapes: input and target `[..., C]` alike, the target 1 for each right class and 0 for the others (not a list of classes as in
 * `multilabelMarginLoss`); to a scalar, or `[...]` with `reduction: "none"`, `[..., C]` with `rowMean: false` too. "mean" is the mean of all elements
 * either way; "sum" adds what "none" gives.
 * Source: as `binaryCrossEntropyWithLogits`; reductions as PyTorch's.
 * @throws ShapeError unless the shapes agree; ArgumentError for targets outside [0, 1] with `checkTarget: true`.
 * Differs from PyTorch: shapes that differ are refused; infinite logits give their limits instead of NaN.
 * @example multilabelSoftMarginLoss([[2, -1]], [[1, 0]]).item() // 0.22009484469890594
 */
export const multilabelSoftMarginLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: MultiLabelSoftMarginLossOptions) => {
    const { rowMean = true, ...rest } = options;
    const losses = elementwise(...doubles(input, target), { ...rest, reduction: "none" });
    return rowMean ? losses.mean(-1) : losses;
  },
  {
    // The mean of the rows' means is that of all elements.
    fused: (input, target, { rowMean: _, reduction, ...rest }) =>
      reduction === "mean" ? elementwise(input, target, { ...rest, reduction }) : undefined,
  },
);

/** `multilabelSoftMarginLoss` with its options kept. */
export const MultiLabelSoftMarginLoss = /* @__PURE__ */ lossClass("MultiLabelSoftMarginLoss", multilabelSoftMarginLoss);
