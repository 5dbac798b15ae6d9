import { maximum, type Tensor, type TensorArg } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { maskedTokens, tokenLosses } from "./tokens.ts";

const OP = "ppoValueLoss";

export interface PPOValueLossOptions extends ReductionOptions {
  /** How far a value may move from the old one and still gain. Infinity does not clip. Default 0.2. */
  readonly clip?: number;
  /** Which values count (bool, their shape). Default all. */
  readonly mask?: TensorArg;
}

/**
 * Clipped value loss of proximal policy optimization: `loss = max((v - R)^2, (old + clip(v - old, -clip, clip) - R)^2) / 2`, with the returns R.
 *
 * Shapes: values, those of the network that collected the data, and returns `[...S]` for all; to a scalar, or `[...S]` with
 * `reduction: "none"`. "mean" divides by the number of values that count.
 * Source: Schulman et al.'s code for "Proximal Policy Optimization Algorithms" (2017), arXiv 1707.06347; the paper's own loss is the one without clipping.
 * @throws ArgumentError for a clip that is not positive; ShapeError.
 * @example ppoValueLoss([1.5], [1], [2]).item() // 0.3199999928474426
 */
export const ppoValueLoss = /* @__PURE__ */ lossFunction(
  OP,
  (values: TensorArg, oldValues: TensorArg, returns: TensorArg, options: PPOValueLossOptions) => {
    const { clip = 0.2, mask } = options;
    checkOption(OP, "clip", String(clip), "above 0", clip > 0);
    const { tensors, kept } = maskedTokens(OP, { values, oldValues, returns }, mask);
    const [v, old, r] = tensors as [Tensor, Tensor, Tensor];
    const error = v.sub(r).square();
    if (clip === Number.POSITIVE_INFINITY) return tokenLosses(error.mul(0.5), kept);
    const near = old
      .add(v.sub(old).clamp({ min: -clip, max: clip }))
      .sub(r)
      .square();
    return tokenLosses(maximum(error, near).mul(0.5), kept);
  },
);

/** `ppoValueLoss` with its options kept. */
export const PPOValueLoss = /* @__PURE__ */ lossClass("PPOValueLoss", ppoValueLoss);
