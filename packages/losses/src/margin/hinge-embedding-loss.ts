import { clamp, sub, where } from "@tenon/numerics";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";

export interface HingeEmbeddingLossOptions {
  /** The distance from which on unlike pairs cost nothing. Default 1. */
  readonly margin: number;
}

/**
 * Loss of distances between pairs that are alike (target 1) or not (-1): `loss = input` for 1, `max(0, margin - input)` for -1.
 *
 * Shapes: input and target alike (or one stretched to the other's), to a scalar, or the same shape with `reduction: "none"`. An input equal to the margin has
 * slope -1. As in PyTorch there is no lower bound for alike pairs, and any other target costs both terms; `checkTarget: true` refuses it.
 * Source: Hadsell et al., "Dimensionality Reduction by Learning an Invariant Mapping" (2006), without its squares.
 * @throws ShapeError if the shapes would stretch each other (`broadcast: true` allows it); ArgumentError for other targets with `checkTarget: true`.
 * Differs from PyTorch: that refusal, where PyTorch is silent.
 * @example hingeEmbeddingLoss([0.25, 0.25], [1, -1], { reduction: "none" }).toArray() // [0.25, 0.75]
 */
export const hingeEmbeddingLoss = /* @__PURE__ */ defineLoss<HingeEmbeddingLossOptions>(
  "hingeEmbeddingLoss",
  (input, target, { margin }) => {
    const alike = where(target.eq(-1), 0, input);
    return alike.add(where(target.eq(1), 0, clamp(sub(margin, input), { min: 0 })));
  },
  { defaults: { margin: 1 }, targets: "sign" },
);

/** `hingeEmbeddingLoss` with its options kept. */
export const HingeEmbeddingLoss = /* @__PURE__ */ lossClass("HingeEmbeddingLoss", hingeEmbeddingLoss);
