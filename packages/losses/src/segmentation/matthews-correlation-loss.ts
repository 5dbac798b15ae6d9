import { minimum, type Tensor, type TensorArg, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import { checkedCounts, type OverlapOptions, weighClasses } from "./define-overlap-loss.ts";
import { classWeights, regions } from "./regions.ts";

const OP = "matthewsCorrelationLoss";

export interface MatthewsCorrelationLossOptions
  extends Omit<OverlapOptions, "average" | "squared" | "log" | "smoothNumerator" | "smoothDenominator"> {
  /** Added to each of the four counts, as segmentation_models does with 1e-5. Default 0. */
  readonly smooth?: number;
}

/**
 * Matthews correlation loss of segmentations: `loss = 1 - (TP TN - FP FN) / sqrt((TP + FP) (TP + FN) (TN + FP) (TN + FN))` for each class; from 0 (right)
 * over 1 (chance) to 2 (all wrong).
 *
 * Shapes and options as `diceLoss`, but counted over the whole batch unless `batch: false`, as the paper's code does; to a scalar, or `[C]` (`[N, C]`)
 * with `reduction: "none"`. Where truth or prediction is all or nothing, the correlation is taken as 0: loss 1, gradient 0.
 *
 * The product of four counts is never formed, and near a perfect prediction the loss is computed from the rates of error, so that it keeps its digits.
 * Source: Abhishek and Hamarneh, "Matthews correlation coefficient loss for deep convolutional networks" (2020), arXiv 2010.13454.
 * @throws as `diceLoss`; ArgumentError for a negative smooth.
 * @example matthewsCorrelationLoss([[[2, -1, 0]]], [[[1, 0, 1]]]).item() // 0.6006516218185425
 */
export const matthewsCorrelationLoss = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, given: MatthewsCorrelationLossOptions): Losses => {
    const options = { batch: true, ...given };
    const { smooth = 0 } = options;
    checkOption(OP, "smooth", smooth, "a number of 0 or more", smooth >= 0);
    const images = regions(OP, input, target, options);
    const counts = checkedCounts(OP, images, options);
    const [tp, tn, fp, fn] = [counts.tp, counts.tn(), counts.fp, counts.fn].map((count) =>
      smooth === 0 ? count : count.add(smooth),
    ) as [Tensor, Tensor, Tensor, Tensor];
    return weighClasses(correlationLoss(tp, tn, fp, fn), counts, classWeights(OP, options.weight, images), options);
  },
);

/** `matthewsCorrelationLoss` with its options kept. */
export const MatthewsCorrelationLoss = /* @__PURE__ */ lossClass("MatthewsCorrelationLoss", matthewsCorrelationLoss);

function correlationLoss(tp: Tensor, tn: Tensor, fp: Tensor, fn: Tensor): Tensor {
  const sides = [tp.add(fp), tp.add(fn), tn.add(fp), tn.add(fn)] as const;
  const least = sides.reduce((a, b) => minimum(a, b)); // NaN if one is
  const nothing = least.le(0);
  const [predicted, positive, negative, rest] = sides.map((side) => where(nothing, 1, side)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  // With J = TPR + TNR - 1 and M = PPV + NPV - 1 the correlation is the root of J M, and J times the root of their ratio.
  const notJ = fn.div(positive).add(fp.div(negative));
  const notM = fp.div(predicted).add(fn.div(rest));
  const ratio = positive.div(predicted).mul(negative.div(rest));
  const correlation = notJ.neg().add(1).mul(ratio.sqrt());
  // 1 - x is (1 - x^2) / (1 + x), and 1 - J M is (1 - J) + J (1 - M): nothing cancels near 1.
  const close = notJ.add(notM.mul(notJ.neg().add(1))).div(correlation.abs().add(1));
  const loss = where(correlation.gt(0.5), close, correlation.neg().add(1));
  return where(nothing, 1, loss);
}
