import { asIndexTensor, asTensor, ctc, type Tensor, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { byLength, type SequenceNormalization } from "./by-length.ts";

export interface CTCLossOptions extends ReductionOptions {
  /** The class that stands for no label; -1 is the last. Default 0. */
  readonly blank?: number;
  /** Whether a sample whose target no alignment gives (too few frames, or -Infinity in the way) costs 0 instead of infinity. Default false. */
  readonly zeroInfinity?: boolean;
  /**
   * What the mean is per. "target": each loss is divided by the number of its labels (1 if there are none), then by the number of samples; "token": all losses
   * together by all labels together; "batch": by the number of samples. Default "target", as PyTorch.
   */
  readonly normalize?: SequenceNormalization;
}

type CTCArguments = [input: TensorArg, targets: TensorArg, inputLengths: TensorArg, targetLengths: TensorArg];

function defineCtc(name: string, logits: boolean): Loss<CTCArguments, CTCLossOptions> {
  return lossFunction<CTCArguments, CTCLossOptions>(name, (input, targets, inputLengths, targetLengths, options) => {
    const { blank = 0, zeroInfinity = false, normalize = "target" } = options;
    const x = asTensor(input);
    const call = { blank, zeroInfinity, logits, op: name };
    const rows = x.ndim === 2 ? single(x, targets, inputLengths, targetLengths, call) : undefined;
    return byLength(
      name,
      rows ?? ctc(x, targets, inputLengths, targetLengths, call),
      targetLengths,
      options,
      normalize,
    );
  });
}

// One sample without a batch dimension.
function single(x: Tensor, targets: TensorArg, frames: TensorArg, labels: TensorArg, call: object): Tensor {
  const one = (length: TensorArg) => asIndexTensor(length).flatten();
  return ctc(x.unsqueeze(1), asIndexTensor(targets).flatten(), one(frames), one(labels), call).squeeze(0);
}

/**
 * Connectionist temporal classification of log-probabilities: `loss = -log P(target)`, P summed over all ways to spread the labels over the frames with blanks
 * between and repeats within.
 *
 * Shapes: input log-probabilities `[T, N, C]`, or `[T, C]` for one sample; targets `[N, S]` (what lies behind a sample's length is padding) or all one after the
 * other `[sum of targetLengths]`; inputLengths and targetLengths `[N]`, as tensors or arrays; to a scalar, or `[N]` with `reduction: "none"`. Frames behind a
 * sample's length have no gradient. The input is taken to be log-probabilities and is not checked: for logits use `ctcLossWithLogits`.
 *
 * Float64 log space inside. The gradient, written in the forward pass, is minus the posterior probability of each class at each frame. An impossible alignment
 * costs infinity (0 with `zeroInfinity`) and has gradient 0; log-probabilities of -Infinity are no trouble. Without frames, no labels cost 0, any others infinity.
 * Source: Graves et al., "Connectionist Temporal Classification" (2006).
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for lengths and labels out of range; ArgumentError for the blank among the targets.
 * Differs from PyTorch: the gradient is the one with respect to its argument (PyTorch's is with respect to the logits before a log-softmax); it is never NaN
 * because of an impossible alignment; the blank among the targets is refused; there are second derivatives; `normalize`.
 * @example ctcLoss([[[-1, -0.5]], [[-1, -0.5]]], [[1]], [2], [1]).item() // 0.20562322437763214
 */
export const ctcLoss = /* @__PURE__ */ defineCtc("ctcLoss", false);

/** `ctcLoss` with its options kept. */
export const CTCLoss = /* @__PURE__ */ lossClass("CTCLoss", ctcLoss);

/**
 * Log-softmax and connectionist temporal classification in one: `ctcLoss(logSoftmax(input, -1), ...)` without the log-probabilities' memory.
 *
 * Shapes: input logits `[T, N, C]`, or `[T, C]`; everything else as `ctcLoss`. The gradient is softmax minus posterior, taken as the difference of what both leave to
 * the other classes where a class is nearly certain, so that a confident frame keeps its slope. A single logit of +Infinity has probability 1.
 * Source: Graves et al., "Connectionist Temporal Classification" (2006).
 * @throws as `ctcLoss`.
 * @example ctcLossWithLogits([[[0, 0]], [[0, 0]]], [[1]], [2], [1]).item() // 0.28768208622932434
 */
export const ctcLossWithLogits = /* @__PURE__ */ defineCtc("ctcLossWithLogits", true);

/** `ctcLossWithLogits` with its options kept. */
export const CTCWithLogitsLoss = /* @__PURE__ */ lossClass("CTCWithLogitsLoss", ctcLossWithLogits);
