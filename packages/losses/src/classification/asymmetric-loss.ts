import { asymmetricError, logSoftmax, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { checkNotNegative } from "./logistic.ts";
import { otherClasses } from "./other-classes.ts";
import { heldBack } from "./power-of.ts";

export interface AsymmetricLossOptions {
  /** How much confident positives are held back. Default 1. */
  readonly gammaPos: number;
  /** How much confident negatives are held back. Default 4. */
  readonly gammaNeg: number;
  /** Negatives with a probability up to this cost nothing; above, it is taken off. Default 0.05. */
  readonly clip: number;
  /** Takes the focusing factors as constants in the gradient, as the authors' code does unless told otherwise. Default false. */
  readonly detachFocus: boolean;
}

/**
 * Asymmetric loss for many labels at once: with p the sigmoid of the logit and `p_m = max(p - clip, 0)`,
 *
 *     loss = -t (1 - p)^gammaPos log p - (1 - t) p_m^gammaNeg log(1 - p_m)
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. The authors' code sums all losses:
 * `reduction: "sum"`. Logarithms are softplus and log1p, without the floor of 1e-8 that it has: a certain mistake keeps its slope.
 * Source: Ben-Baruch et al., "Asymmetric Loss For Multi-Label Classification" (2020), arXiv 2009.14119.
 * @throws ArgumentError for a negative gamma or a clip outside [0, 1); ShapeError unless the shapes agree.
 * @example asymmetricLoss([1, -1], [1, 0], { reduction: "none" }).toArray() // [0.08424904197454453, 0.0005677975132130086]
 */
export const asymmetricLoss = /* @__PURE__ */ defineLoss<AsymmetricLossOptions>(
  "asymmetricLoss",
  (input, target, own) => asymmetricError(input, target, { ...own, reduction: "none" }),
  {
    fused: (input, target, own) => asymmetricError(input, target, own),
    defaults: { gammaPos: 1, gammaNeg: 4, clip: 0.05, detachFocus: false },
    check: (_input, _target, { gammaPos, gammaNeg, clip }) => {
      checkNotNegative("asymmetricLoss", { gammaPos, gammaNeg });
      checkOption("asymmetricLoss", "clip", clip, "0 or more and below 1", clip >= 0 && clip < 1);
    },
    shapes: "same",
    targets: "probability",
    precision: "input",
  },
);

/** `asymmetricLoss` with its options kept. */
export const AsymmetricLoss = /* @__PURE__ */ lossClass("AsymmetricLoss", asymmetricLoss);

export interface AsymmetricSingleLabelLossOptions {
  /** How much a confident target is held back. Default 0. */
  readonly gammaPos: number;
  /** How much classes that are rightly improbable are held back. Default 4. */
  readonly gammaNeg: number;
  /** Share of every target that is spread over all classes: without it the other classes have no loss. Default 0.1. */
  readonly labelSmoothing: number;
}

/**
 * Asymmetric loss for one label: label-smoothed cross entropy whose terms are held back as focal loss does, the target's by gammaPos, the others' by gammaNeg.
 *
 *     loss = -q_y (1 - p_y)^gammaPos log p_y - sum over c != y of q_c p_c^gammaNeg log p_c,   q = (1 - s) onehot(y) + s / C
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. Classes with a logit of -infinity add nothing, the limit, unless gammaNeg is 0.
 * Source: the authors' code for arXiv 2009.14119 (Alibaba-MIIL/ASL).
 * @throws ArgumentError for a negative gamma or a smoothing outside [0, 1]; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example asymmetricSingleLabelLoss([[2, 0]], [0]).item() // 0.12060308456420898
 */
export const asymmetricSingleLabelLoss = /* @__PURE__ */ defineClassLoss<AsymmetricSingleLabelLossOptions>(
  "asymmetricSingleLabelLoss",
  (rows, { gammaPos, gammaNeg, labelSmoothing }) => {
    const surprise = rows.crossEntropy();
    const spread = labelSmoothing / rows.classes;
    const own = heldBack(surprise, gammaPos)
      .mul(surprise)
      .mul(1 - labelSmoothing + spread);
    if (labelSmoothing === 0) return own;
    const logs = logSoftmax(rows.logits, rows.dim);
    const counted = otherClasses(rows);
    // A logarithm of 0 makes a term 0.
    const kept = where(gammaNeg === 0 ? counted : counted.logicalAnd(logs.ne(Number.NEGATIVE_INFINITY)), logs, 0);
    const others = (gammaNeg === 0 ? kept : kept.mul(kept.mul(gammaNeg).exp())).sum(rows.dim);
    return own.sub(others.mul(spread));
  },
  {
    defaults: { gammaPos: 0, gammaNeg: 4, labelSmoothing: 0.1 },
    check: (_rows, { gammaPos, gammaNeg, labelSmoothing }) => {
      const op = "asymmetricSingleLabelLoss";
      checkNotNegative(op, { gammaPos, gammaNeg, labelSmoothing });
      checkOption(op, "labelSmoothing", labelSmoothing, "from 0 to 1", labelSmoothing <= 1);
    },
  },
);

/** `asymmetricSingleLabelLoss` with its options kept. */
export const AsymmetricSingleLabelLoss = /* @__PURE__ */ lossClass(
  "AsymmetricSingleLabelLoss",
  asymmetricSingleLabelLoss,
);
