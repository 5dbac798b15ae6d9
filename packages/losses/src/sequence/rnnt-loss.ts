import { rnnt, type TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { type Loss, lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { byLength, type SequenceNormalization } from "./by-length.ts";

export interface RNNTLossOptions extends ReductionOptions {
  /** The class that stands for no label; -1 is the last. Default -1. */
  readonly blank?: number;
  /** Keeps each element of a sample's gradient within this distance of 0 if it is positive. Default -1: off. */
  readonly clamp?: number;
  /** Whether the input is logits; false: log-probabilities. Default true. */
  readonly fusedLogSoftmax?: boolean;
  /** What the mean is per: "batch" the number of samples, "target" each sample's labels first, "token" all labels together. Default "batch", as torchaudio. */
  readonly normalize?: SequenceNormalization;
}

type RNNTArguments = [input: TensorArg, targets: TensorArg, inputLengths: TensorArg, targetLengths: TensorArg];

/**
 * RNN transducer: `loss = -log P(target)`, P summed over all ways to give out the labels in order while the frames pass, a blank at each frame's end.
 *
 * Shapes: input logits `[B, T, U + 1, V]`, the joint network's output at frame t after u labels; targets `[B, U]`; inputLengths and targetLengths `[B]`, as tensors or
 * arrays; to a scalar, or `[B]` with `reduction: "none"`. What lies behind a sample's lengths is padding and has no gradient.
 *
 * Float64 log space inside. The log-softmax is fused: the only memory of the input's size is the gradient, in whose place the exponentials are kept in the forward
 * pass. Without frames, no labels cost 0, any others infinity; an infinite loss has gradient 0.
 * Source: Graves, "Sequence Transduction with Recurrent Neural Networks" (2012), arXiv 1211.3711.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for lengths and labels out of range; ArgumentError for the blank among the targets.
 * Differs from torchaudio: any integer dtype; the blank among the targets is refused; second derivatives (without `clamp`); `normalize`.
 * @example rnntLoss([[[[0, 0, 0], [0, 0, 0]]]], [[0]], [1], [1]).item() // 2.1972246170043945
 */
export const rnntLoss: Loss<RNNTArguments, RNNTLossOptions> = /* @__PURE__ */ lossFunction<
  RNNTArguments,
  RNNTLossOptions
>("rnntLoss", (input, targets, inputLengths, targetLengths, options) => {
  const { blank = -1, clamp = -1, fusedLogSoftmax = true, normalize = "batch" } = options;
  const rows = rnnt(input, targets, inputLengths, targetLengths, {
    blank,
    clamp,
    logits: fusedLogSoftmax,
    op: "rnntLoss",
  });
  return byLength("rnntLoss", rows, targetLengths, options, normalize);
});

/** `rnntLoss` with its options kept. */
export const RNNTLoss = /* @__PURE__ */ lossClass("RNNTLoss", rnntLoss);
