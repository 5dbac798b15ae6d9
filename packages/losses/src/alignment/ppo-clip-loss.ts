import type { Tensor, TensorArg } from "@tenon/numerics";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { type ClipOptions, checkClip, clippedObjective } from "./clipped-ratio.ts";
import { maskedTokens, tokenLosses } from "./tokens.ts";

const OP = "ppoClipLoss";

export interface PPOClipLossOptions extends ReductionOptions, ClipOptions {
  /** Which actions (tokens) count (bool, the shape of the log-probabilities). Default all. */
  readonly mask?: TensorArg;
}

/**
 * Clipped surrogate objective of proximal policy optimization: `loss = -min(r A, clip(r, 1 - clip, 1 + clipHigh) A)`, with the advantages A and the
 * ratio `r = e^(log policy - log old policy)`.
 *
 * Shapes: log-probabilities of the actions (tokens) under the policy and under the one that took them, and the advantages, `[...S]` for all; to a scalar,
 * or `[...S]` with `reduction: "none"`. "mean" divides by the number of actions that count.
 *
 * The bounds are applied to the logarithm: a ratio beyond float64 gives its clipped value and gradient 0, not infinity times 0.
 * Source: Schulman et al., "Proximal Policy Optimization Algorithms" (2017), arXiv 1707.06347; `dualClip`: Ye et al. (2019), arXiv 1912.09729.
 * @throws ArgumentError for bounds that cannot be used; ShapeError.
 * @example ppoClipLoss([-1, -1], [-2, -1], [1, -1]).item() // -0.10000000149011612
 */
export const ppoClipLoss = /* @__PURE__ */ lossFunction(
  OP,
  (logProbs: TensorArg, oldLogProbs: TensorArg, advantages: TensorArg, options: PPOClipLossOptions) => {
    checkClip(OP, options);
    const { tensors, kept } = maskedTokens(OP, { logProbs, oldLogProbs, advantages }, options.mask);
    const [now, old, a] = tensors as [Tensor, Tensor, Tensor];
    return tokenLosses(clippedObjective(now.sub(old), a, options), kept);
  },
);

/** `ppoClipLoss` with its options kept. */
export const PPOClipLoss = /* @__PURE__ */ lossClass("PPOClipLoss", ppoClipLoss);
