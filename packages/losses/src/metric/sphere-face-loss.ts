import { indexSelect, matmul, type Tensor } from "@tenon/numerics";
import { checkOption, checkPositive } from "../core/check-option.ts";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";
import { fallingMultipleCosine } from "./margin-cosines.ts";
import { rowNorms, rowProducts, unitRows } from "./unit-rows.ts";

export interface MultiplicativeMarginOptions {
  /** What the angle at the target is multiplied by, a whole number; 1 is softmax. Default 4. */
  readonly margin: number;
  /** What logits are multiplied by. Default 1. */
  readonly scale: number;
}

const defaults: MultiplicativeMarginOptions = { margin: 4, scale: 1 };

/**
 * Large-margin softmax: cross entropy of inner products, the angle at the target multiplied by a whole number.
 *
 *     loss = -log softmax(scale * z)[y],  z_y = |x| |w_y| psi(theta_y),  z_c = x . w_c elsewhere,  psi(theta) = (-1)^k cos(m theta) - 2k, theta in [k pi / m, (k + 1) pi / m]
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class); to a scalar, or `[N]` with `reduction: "none"`. `weight` in the options is a
 * factor of each class. cos(m theta) is a polynomial of cos theta, so that nothing is infinite at 0 and 180 degrees.
 * Source: Liu et al., "Large-Margin Softmax Loss for Convolutional Neural Networks" (2016), arXiv 1612.02295. With the vectors as a parameter: `LargeMarginSoftmaxLoss`.
 * @throws ArgumentError unless margin is a whole number above 0 and scale above 0; ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example largeMarginSoftmaxLoss([[1, 0], [0, 2]], [0, 1], [[1, 1], [0, 1]]).item() // 1.1624912023544312
 */
export const largeMarginSoftmaxLoss = /* @__PURE__ */ defineClassWeightLoss<MultiplicativeMarginOptions>(
  "largeMarginSoftmaxLoss",
  (vectors, { margin, scale }) => {
    const { embeddings, weight, target } = vectors;
    const lengths = rowNorms(embeddings).mul(indexSelect(rowNorms(weight), 0, target));
    const logits = matmul(embeddings, weight.t());
    return vectors.withTarget(logits, lengths.mul(behind(vectors.targetPairs(), margin))).mul(scale);
  },
  { defaults, check: (options) => checkMultiple("largeMarginSoftmaxLoss", options) },
);

/** `largeMarginSoftmaxLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const LargeMarginSoftmaxLoss = /* @__PURE__ */ classWeightLossClass(
  "LargeMarginSoftmaxLoss",
  largeMarginSoftmaxLoss,
);

/**
 * SphereFace (angular softmax): as `largeMarginSoftmaxLoss`, with the classes' vectors scaled to length 1.
 *
 *     loss = -log softmax(scale * z)[y],  z_y = |x| psi(theta_y),  z_c = |x| cos theta_c elsewhere
 *
 * Shapes, psi and stability as there.
 * Source: Liu et al., "SphereFace: Deep Hypersphere Embedding for Face Recognition" (2017), arXiv 1704.08063. With the vectors as a parameter: `SphereFaceLoss`.
 * @throws as `largeMarginSoftmaxLoss`.
 * @example sphereFaceLoss([[1, 0], [0, 2]], [0, 1], [[1, 1], [0, 1]]).item() // 0.8779046535491943
 */
export const sphereFaceLoss = /* @__PURE__ */ defineClassWeightLoss<MultiplicativeMarginOptions>(
  "sphereFaceLoss",
  (vectors, { margin, scale }) => {
    const logits = matmul(vectors.embeddings, unitRows(vectors.weight).t());
    const lengths = rowNorms(vectors.embeddings);
    return vectors.withTarget(logits, lengths.mul(behind(vectors.targetPairs(), margin))).mul(scale);
  },
  { defaults, check: (options) => checkMultiple("sphereFaceLoss", options) },
);

/** `sphereFaceLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const SphereFaceLoss = /* @__PURE__ */ classWeightLossClass("SphereFaceLoss", sphereFaceLoss);

function behind(pair: readonly [Tensor, Tensor], margin: number): Tensor {
  const cosine = rowProducts(...pair);
  return margin === 1 ? cosine : fallingMultipleCosine(cosine, margin);
}

function checkMultiple(op: string, { margin, scale }: MultiplicativeMarginOptions): void {
  checkOption(op, "margin", String(margin), "a whole number above 0", Number.isInteger(margin) && margin > 0);
  checkPositive(op, "scale", scale);
}
