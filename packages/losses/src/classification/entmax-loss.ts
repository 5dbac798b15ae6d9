import { ArgumentError } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { entmaxLossRows } from "./entmax-loss-rows.ts";

export interface EntmaxLossOptions {
  /** 1 is cross entropy, 2 the sparsemax loss; above 0. Default 1.5. */
  readonly alpha: number;
}

/**
 * Loss of entmax, the softmax that can give exactly 0: `loss = (p - e_y) . z + sum_c (p_c - p_c^alpha) / (alpha (alpha - 1))`, p = entmax(z).
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. "mean" divides by the weights of the rows that count, as `crossEntropy` does.
 *
 * The gradient is p - e_y. For alpha above 1 the loss is exactly 0 from a margin of 1 / (alpha - 1) on; just below it the loss keeps its digits, because it is
 * computed as a sum of positive terms.
 * Source: Peters et al., "Sparse Sequence-to-Sequence Models" (2019), arXiv 1905.05702.
 * @throws ArgumentError for an alpha that is not above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example entmaxLoss([[1, 0]], [0]).item() // 0.06165586784482002
 */
export const entmaxLoss = /* @__PURE__ */ defineClassLoss<EntmaxLossOptions>(
  "entmaxLoss",
  (rows, { alpha }) => (alpha === 1 ? rows.crossEntropy() : entmaxLossRows(rows, alpha)),
  {
    defaults: { alpha: 1.5 },
    check: (_rows, { alpha }) => {
      if (alpha > 0 && Number.isFinite(alpha)) return;
      throw new ArgumentError({ op: "entmaxLoss", rule: "alpha must be a number above 0", received: String(alpha) });
    },
  },
);

/** `entmaxLoss` with its options kept. */
export const EntmaxLoss = /* @__PURE__ */ lossClass("EntmaxLoss", entmaxLoss);
