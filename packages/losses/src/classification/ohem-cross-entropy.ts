import {
  asIndexTensor,
  asTensor,
  checkClassTargets,
  classDim,
  isTracing,
  scatter,
  softmaxCrossEntropy,
  type Tensor,
  type TensorArg,
  topk,
  where,
  zeros,
} from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { Losses } from "../core/reduction.ts";
import type { CrossEntropyOptions } from "./cross-entropy.ts";
import { crossEntropyRows } from "./cross-entropy-rows.ts";

const OP = "ohemCrossEntropy";

export interface OhemCrossEntropyOptions extends CrossEntropyOptions {
  /** Rows whose target has less probability than this are hard. Default 0.7; 0 leaves `minKept` alone. */
  readonly threshold?: number;
  /** At least so many of the hardest rows are kept. Default a sixteenth of the rows that are not ignored. */
  readonly minKept?: number;
}

/**
 * Cross entropy of the hard rows only (online hard example mining): those whose target has less probability than `threshold`, and at least the `minKept` hardest.
 * All others are ignored: loss and gradient 0, not counted in the mean.
 *
 * Shapes and options as `crossEntropy`, targets class indices. The hardest k rows: `{ threshold: 0, minKept: k }`; rows are chosen without weights and smoothing.
 * Source: Shrivastava et al., "Training Region-based Object Detectors with Online Hard Example Mining" (2016), arXiv 1604.03540.
 * @throws ArgumentError for a threshold outside [0, 1] or a negative minKept; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example ohemCrossEntropy([[4, 0], [1, 0], [0, 0]], [0, 0, 0], { threshold: 0, minKept: 2 }).item() // 0.5032044053077698
 */
export const ohemCrossEntropy = /* @__PURE__ */ lossFunction(
  OP,
  (input: TensorArg, target: TensorArg, options: OhemCrossEntropyOptions): Losses =>
    crossEntropyRows(OP, input, hardTargets(input, target, options), options),
);

/** `ohemCrossEntropy` with its options kept. */
export const OhemCrossEntropyLoss = /* @__PURE__ */ lossClass("OhemCrossEntropyLoss", ohemCrossEntropy);

/** The targets, with `ignoreIndex` for easy rows. */
function hardTargets(input: TensorArg, target: TensorArg, options: OhemCrossEntropyOptions): Tensor {
  const { threshold = 0.7, ignoreIndex = -100 } = options;
  const x = asTensor(input).detach();
  const indices = asIndexTensor(target).to("int64");
  const dim = classDim(OP, x, options.dim);
  checkClassTargets(OP, x, indices, { dim, ignoreIndex });
  checkOption(OP, "threshold", threshold, "from 0 to 1", threshold >= 0 && threshold <= 1);
  const losses = softmaxCrossEntropy(x, indices, { dim, ignoreIndex, reduction: "none", exactRows: !isTracing() });
  const counted = indices.ne(ignoreIndex);
  // Not "greater", which NaN is not.
  const hard = losses
    .le(-Math.log(threshold))
    .logicalNot()
    .logicalOr(hardest(losses, counted, options.minKept));
  return where(hard, indices, ignoreIndex);
}

function hardest(losses: Tensor, counted: Tensor, minKept: number | undefined): Tensor {
  const rows = isTracing() ? losses.size : (counted.sum().item() as number);
  const wanted = minKept ?? Math.floor(rows / 16);
  checkOption(OP, "minKept", wanted, "a whole number of rows", Number.isInteger(wanted) && wanted >= 0);
  const order = where(counted, losses, Number.NEGATIVE_INFINITY).flatten();
  const { indices } = topk(order, Math.min(wanted, rows), 0);
  const none = zeros([losses.size], { dtype: losses.dtype });
  return scatter(none, 0, indices, 1).gt(0).reshape(losses.shape);
}
