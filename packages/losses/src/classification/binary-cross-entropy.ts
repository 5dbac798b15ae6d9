import {
  ArgumentError,
  binaryEntropy,
  binaryEntropyWithLogits,
  isTracing,
  type Tensor,
  type TensorArg,
} from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface BinaryCrossEntropyOptions {
  /**
   * Keeps logarithms at -100 or more and the gradient's denominator at 1e-12 or more, as PyTorch does. Default true; false gives the exact value, infinite
   * for a certain mistake.
   */
  readonly clampLog: boolean;
}

function checkProbabilities(input: Tensor): void {
  if (isTracing()) return;
  // NaN is let through: it shows in the loss, as after every other function.
  const outside = input.size > 0 ? input.detach().lt(0).logicalOr(input.detach().gt(1)) : undefined;
  if (outside === undefined || outside.sum().item() === 0) return;
  const at = outside.flatten().argmax().item() as number;
  const value = input.detach().flatten().select(0, at).item();
  throw new ArgumentError({
    op: "binaryCrossEntropy",
    rule: "the input must be probabilities",
    received: `${value} at position ${at}`,
    expected: "numbers from 0 to 1",
    hint: "For logits use binaryCrossEntropyWithLogits, which needs no sigmoid",
  });
}

/**
 * Binary cross entropy of probabilities: `loss = -(target log(input) + (1 - target) log(1 - input))`, with 0 log 0 = 0.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. `weight` broadcasts; the mean divides by the number of
 * losses. If the probabilities came from a sigmoid, use `binaryCrossEntropyWithLogits` on its argument: a sigmoid that has rounded to 0 or 1 has lost both loss and
 * gradient.
 * Source: Good, "Rational Decisions" (1952).
 * @throws ArgumentError for an input outside [0, 1]; ShapeError unless the shapes agree.
 * Differs from PyTorch: `clampLog: false` is exact.
 * @example binaryCrossEntropy([0.5], [1]).item() // 0.6931471824645996
 */
export const binaryCrossEntropy = /* @__PURE__ */ defineLoss<BinaryCrossEntropyOptions>(
  "binaryCrossEntropy",
  (input, target, { clampLog }) => binaryEntropy(input, target, { clampLog, reduction: "none" }),
  {
    fused: (input, target, { clampLog, reduction }) => binaryEntropy(input, target, { clampLog, reduction }),
    defaults: { clampLog: true },
    check: checkProbabilities,
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/** `binaryCrossEntropy` with its options kept. */
export const BCELoss = /* @__PURE__ */ lossClass("BCELoss", binaryCrossEntropy);

export interface BinaryCrossEntropyWithLogitsOptions {
  /** Factor of the positive term; broadcasts against the last dimensions. Default none. */
  readonly posWeight?: TensorArg;
}

/**
 * Sigmoid and binary cross entropy in one: `loss = target posWeight softplus(-input) + (1 - target) softplus(input)`.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. `weight` broadcasts; neither it nor `posWeight` enters the
 * mean's divisor. Both terms are exact for every logit: a confident right answer keeps its tiny loss, a confident mistake its slope.
 * Source: Cox, "The Regression Analysis of Binary Sequences" (1958).
 * @throws ShapeError unless the shapes agree.
 * Differs from PyTorch: no cancellation for confident right answers (-20 against 0 gives 2.06e-9, not 0); infinite logits give their limits instead of NaN.
 * @example binaryCrossEntropyWithLogits([-1000, 1000], [0, 1]).item() // 0
 */
export const binaryCrossEntropyWithLogits = /* @__PURE__ */ defineLoss<BinaryCrossEntropyWithLogitsOptions>(
  "binaryCrossEntropyWithLogits",
  (input, target, { posWeight }) =>
    binaryEntropyWithLogits(input, target, { reduction: "none", ...(posWeight === undefined ? {} : { posWeight }) }),
  {
    fused: (input, target, { posWeight, reduction }) =>
      binaryEntropyWithLogits(input, target, { reduction, ...(posWeight === undefined ? {} : { posWeight }) }),
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/** `binaryCrossEntropyWithLogits` with its options kept. */
export const BCEWithLogitsLoss = /* @__PURE__ */ lossClass("BCEWithLogitsLoss", binaryCrossEntropyWithLogits);
