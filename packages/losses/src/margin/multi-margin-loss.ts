import { ArgumentError, relu, unsqueeze, where } from "@tenon/numerics";
import { otherClasses } from "../classification/other-classes.ts";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { lossClass } from "../core/loss-class.ts";

const OP = "multiMarginLoss";

export interface MultiMarginLossOptions {
  /** The power of each violation, 1 or 2. Default 1. */
  readonly p: 1 | 2;
  /** By how much the target's score must lead. Default 1. */
  readonly margin: number;
}

/**
 * Hinge loss over several classes: `loss = sum over c != target of max(0, margin - input[target] + input[c])^p / C`.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. The sum is divided by C, not C - 1. `weight` (of the target's class) multiplies after the power and does not enter the mean's
 * divisor, which is the number of rows (`normalize: "weights"` for their weights). A class exactly at the margin has slope 0.
 * Source: Weston and Watkins, "Support Vector Machines for Multi-Class Pattern Recognition" (1999).
 * @throws ArgumentError for a p other than 1 and 2; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * Differs from PyTorch: rows with target `ignoreIndex` (-100) do not count; more than two dimensions; the weights' length is checked.
 * @example multiMarginLoss([[0.5, 1, -1]], [0]).item() // 0.5
 */
export const multiMarginLoss = /* @__PURE__ */ defineClassLoss<MultiMarginLossOptions>(
  OP,
  (rows, { p, margin }) => {
    const lead = unsqueeze(rows.atTarget(rows.logits), rows.dim);
    const violations = where(otherClasses(rows), relu(rows.logits.sub(lead).add(margin)), 0);
    return (p === 2 ? violations.square() : violations).sum(rows.dim).div(rows.classes);
  },
  {
    defaults: { p: 1, margin: 1 },
    weightedMean: "count",
    check: (_rows, { p }) => {
      if (p === 1 || p === 2) return;
      throw new ArgumentError({ op: OP, rule: "p must be 1 or 2", received: String(p) });
    },
  },
);

/** `multiMarginLoss` with its options kept. */
export const MultiMarginLoss = /* @__PURE__ */ lossClass("MultiMarginLoss", multiMarginLoss);
