import { expm1, type Tensor } from "@tenon/numerics";
import { defineClassLoss } from "../core/define-class-loss.ts";
import { defineLoss } from "../core/define-loss.ts";
import { lossClass } from "../core/loss-class.ts";
import { excess } from "./excess.ts";
import { balanced, checkAlpha, checkNotNegative, focused, shareOfSoftplus } from "./logistic.ts";
import { heldBack } from "./power-of.ts";

/** `s + epsilon (1 - exp(-s))` of s = -log p. With epsilon near -1 the terms nearly cancel where p is near 1. */
function polynomial(surprise: Tensor, epsilon: number): Tensor {
  if (epsilon >= 0 || epsilon < -1) return surprise.sub(expm1(surprise.neg()).mul(epsilon));
  const rest = excess(surprise).mul(-epsilon);
  return epsilon === -1 ? rest : rest.add(surprise.mul(1 + epsilon));
}

/** The same for single logits: both sides are linear in the target. */
function sigmoidPolynomial(z: Tensor, t: Tensor, epsilon: number): Tensor {
  const loss = (surprise: Tensor) => polynomial(surprise, epsilon);
  return shareOfSoftplus(t, z.neg(), loss).add(shareOfSoftplus(t.neg().add(1), z, loss));
}

export interface Poly1LossOptions {
  /** What is added to the first coefficient of the loss's series in 1 - p. Default 2, the paper's choice for ImageNet. */
  readonly epsilon: number;
}

/**
 * Poly-1 loss: cross entropy with another first coefficient in its series, `loss = -log p + epsilon (1 - p)`, p the softmax probability of the target.
 *
 * Shapes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`; target class indices `[]`, `[N]`, `[N, d1, ...]`; to a scalar, or the target's shape with
 * `reduction: "none"`. "mean" divides by the weights of the rows that count. 1 - p is `-expm1(log p)`: a confident row keeps its tiny loss.
 * Source: Leng et al., "PolyLoss" (2022), arXiv 2204.12511.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example poly1Loss([[2, 0]], [0]).item() // 0.3653338551521301
 */
export const poly1Loss = /* @__PURE__ */ defineClassLoss<Poly1LossOptions>(
  "poly1Loss",
  (rows, { epsilon }) => polynomial(rows.crossEntropy(), epsilon),
  { defaults: { epsilon: 2 }, precision: "input" },
);

/** `poly1Loss` with its options kept. */
export const Poly1Loss = /* @__PURE__ */ lossClass("Poly1Loss", poly1Loss);

export interface Poly1FocalLossOptions {
  /** What is added to the first coefficient of the loss's series in 1 - p. Default -1, the paper's choice for detection. */
  readonly epsilon: number;
  /** How much confident rows are held back. Default 2. */
  readonly gamma: number;
}

/**
 * Poly-1 form of the focal loss: `loss = -(1 - p)^gamma log p + epsilon (1 - p)^(gamma + 1)`, p the softmax probability of the target. Otherwise as `poly1Loss`;
 * gamma 0 is `poly1Loss`.
 *
 * Source: Leng et al., "PolyLoss" (2022), arXiv 2204.12511.
 * @throws ArgumentError for a negative gamma; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example poly1FocalLoss([[2, 0]], [0], { epsilon: 1 }).item() // 0.0034973572473973036
 */
export const poly1FocalLoss = /* @__PURE__ */ defineClassLoss<Poly1FocalLossOptions>(
  "poly1FocalLoss",
  (rows, { epsilon, gamma }) => {
    const surprise = rows.crossEntropy();
    return heldBack(surprise, gamma).mul(polynomial(surprise, epsilon));
  },
  {
    defaults: { epsilon: -1, gamma: 2 },
    precision: "input",
    check: (_rows, { gamma }) => checkNotNegative("poly1FocalLoss", { gamma }),
  },
);

/** `poly1FocalLoss` with its options kept. */
export const Poly1FocalLoss = /* @__PURE__ */ lossClass("Poly1FocalLoss", poly1FocalLoss);

/**
 * Poly-1 loss of single logits: `loss = bce(z, t) + epsilon (1 - p_t)`, with p the sigmoid of z and `p_t = t p + (1 - t) (1 - p)`.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. Targets may lie between 0 and 1.
 * Source: Leng et al., "PolyLoss" (2022), arXiv 2204.12511.
 * @throws ShapeError unless the shapes agree.
 * @example sigmoidPoly1Loss([2], [1]).item() // 0.3653338551521301
 */
export const sigmoidPoly1Loss = /* @__PURE__ */ defineLoss<Poly1LossOptions>(
  "sigmoidPoly1Loss",
  (input, target, { epsilon }) => sigmoidPolynomial(input, target, epsilon),
  { defaults: { epsilon: 2 }, shapes: "same", targets: "probability" },
);

/** `sigmoidPoly1Loss` with its options kept. */
export const SigmoidPoly1Loss = /* @__PURE__ */ lossClass("SigmoidPoly1Loss", sigmoidPoly1Loss);

export interface SigmoidPoly1FocalLossOptions extends Poly1FocalLossOptions {
  /** Factor of targets of 1; those of 0 have 1 - alpha. null, the default, balances nothing. */
  readonly alpha: number | null;
}

/**
 * Poly-1 form of the focal loss of single logits: `loss = alpha_t ((1 - p_t)^gamma bce(z, t) + epsilon (1 - p_t)^(gamma + 1))`, names as in `sigmoidFocalLoss`.
 *
 * Shapes: input and target alike, any; to a scalar, or the same shape with `reduction: "none"`. Targets may lie between 0 and 1.
 * Source: Leng et al., "PolyLoss" (2022), arXiv 2204.12511. Ports of it that know alpha often leave it out of the second term.
 * @throws ArgumentError for alpha outside [0, 1] or a negative gamma; ShapeError unless the shapes agree.
 * @example sigmoidPoly1FocalLoss([-2], [1]).item() // 0.9667527079582214
 */
export const sigmoidPoly1FocalLoss = /* @__PURE__ */ defineLoss<SigmoidPoly1FocalLossOptions>(
  "sigmoidPoly1FocalLoss",
  (input, target, { epsilon, gamma, alpha }) =>
    balanced(focused(sigmoidPolynomial(input, target, epsilon), input, target, gamma), target, alpha),
  {
    defaults: { epsilon: -1, gamma: 2, alpha: null },
    check: (_input, _target, { alpha, gamma }) => {
      checkAlpha("sigmoidPoly1FocalLoss", alpha);
      checkNotNegative("sigmoidPoly1FocalLoss", { gamma });
    },
    shapes: "same",
    targets: "probability",
  },
);

/** `sigmoidPoly1FocalLoss` with its options kept. */
export const SigmoidPoly1FocalLoss = /* @__PURE__ */ lossClass("SigmoidPoly1FocalLoss", sigmoidPoly1FocalLoss);
