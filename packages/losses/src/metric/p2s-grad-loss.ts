import { type Tensor, where } from "@tenon/numerics";
import { classWeightLossClass, defineClassWeightLoss } from "./define-class-weight-loss.ts";

/**
 * P2SGrad: squared errors of the cosines with every class against 1 for the target and 0 for the others. It has no margin and no scale to tune.
 *
 *     loss = (1 - cos theta_y)^2 + sum over other classes of cos^2 theta_c
 *
 * Shapes: embeddings `[N, D]`, class indices `[N]`, weight `[C, D]` (one vector a class; both are scaled to length 1); to a scalar, or `[N]` with `reduction: "none"`.
 * 1 - cos is half the squared distance of the unit vectors, so that embeddings close to their class keep their digits. A vector of zeros has cosine 0 with all.
 * Source: Zhang et al., "P2SGrad: Refined Gradients for Optimizing Deep Face Models" (2019), arXiv 1905.02479, whose gradients it has. With the vectors as a parameter:
 * `P2SGradLoss`. Differs from pytorch-metric-learning, which divides by the number of classes, too.
 * @throws ShapeError, DTypeError; IndexOutOfRangeError for a target that is no class.
 * @example p2sGradLoss([[1, 0], [0, 2]], [0, 0], [[1, 0], [0, 1]]).item() // 1
 */
export const p2sGradLoss = /* @__PURE__ */ defineClassWeightLoss<object>(
  "p2sGradLoss",
  (vectors) => {
    const [x, w] = vectors.targetPairs();
    const none = isZero(x).logicalOr(isZero(w));
    const apart = where(none, 1, x.sub(w).square().sum(-1).mul(0.5));
    return vectors.withTarget(vectors.cosines(), apart);
  },
  { defaults: {}, rows: ({ logits, dim }) => logits.square().sum(dim) },
);

/** `p2sGradLoss` with the classes' vectors as its parameter, `weight` `[C, D]`. */
export const P2SGradLoss = /* @__PURE__ */ classWeightLossClass("P2SGradLoss", p2sGradLoss);

function isZero(x: Tensor): Tensor {
  return x.detach().eq(0).all(-1);
}
