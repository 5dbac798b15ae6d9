import { clamp, relu, type Tensor, where } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { entmaxLossRows } from "./entmax-loss-rows.ts";

/**
 * Sparsemax loss of logits against class indices: `loss = -z_y + sum_S (z_c^2 - tau^2) / 2 + 1/2`, S the classes that `sparsemax` keeps and tau its
 * threshold.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. "mean" divides by the weights of the rows that count, as `crossEntropy` does.
 *
 * Exactly 0 where the target leads by 1 or more; the gradient is sparsemax(z) - e_y. Computed as half the squared distance of p from the target, which
 * does not cancel, plus what the target's logit lacks to the threshold.
 * Source: Martins and Astudillo, "From Softmax to Sparsemax" (2016), arXiv 1602.02068.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example sparsemaxLoss([[0.5, 0]], [0]).item() // 0.0625
 */
export const sparsemaxLoss = /* @__PURE__ */ defineClassLoss("sparsemaxLoss", (rows) => entmaxLossRows(rows, 2));

/** `sparsemaxLoss` with its options kept. */
export const SparsemaxLoss = /* @__PURE__ */ lossClass("SparsemaxLoss", sparsemaxLoss);

/**
 * Sparsemax loss of one logit an element, for two classes or several labels at once: `loss = sparsePlus(x) - x t + t^2 - t`, where sparsePlus is 0 up to -1,
 * `(x + 1)^2 / 4` up to 1 and x from there. With labels 0 and 1 it is sparsePlus(-x) for 1 and sparsePlus(x) for 0.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. Targets from 0 to 1 (`checkTarget: true` looks). The
 * gradient is p - t with p = clamp((x + 1) / 2, 0, 1).
 *
 * Computed as `(p - t)^2` plus what lies beyond -1 and 1, which does not cancel; infinite logits give their limits.
 * Source: Blondel et al., "Learning with Fenchel-Young Losses" (2020), arXiv 1901.02324, section 4.4.
 * @throws ShapeError if the shapes would stretch each other.
 * @example binarySparsemaxLoss([0.5, -2], [1, 0]).item() // 0.03125
 */
export const binarySparsemaxLoss = /* @__PURE__ */ defineLoss(
  "binarySparsemaxLoss",
  (x, t) => {
    const p = clamp(x.add(1).div(2), { min: 0, max: 1 });
    return p
      .sub(t)
      .square()
      .add(beyond(x, t.neg().add(1)))
      .add(beyond(x.neg(), t));
  },
  { targets: "probability" },
);

// A share of 0 must not meet an infinity.
function beyond(x: Tensor, share: Tensor): Tensor {
  const nothing = share.eq(0).logicalAnd(x.eq(Number.POSITIVE_INFINITY));
  return relu(where(nothing, 0, x).sub(1)).mul(share);
}

/** `binarySparsemaxLoss` with its options kept. */
export const BinarySparsemaxLoss = /* @__PURE__ */ lossClass("BinarySparsemaxLoss", binarySparsemaxLoss);
