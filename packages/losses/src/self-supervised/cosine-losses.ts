import type { Tensor, TensorArg } from "@tenon/numerics";
import { where } from "@tenon/numerics";
import { checkSameShape } from "../core/check-same-shape.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { rowProducts, unitRows } from "../metric/unit-rows.ts";

/**
 * Negative cosine similarity: `loss = -cos(p, z)`.
 *
 * Shapes: two batches of vectors `[..., D]`, to a scalar, or `[...]` with `reduction: "none"`. Vectors are scaled before their norms are taken: no size
 * overflows or underflows, in float16 neither. A vector of zeros has cosine 0 with all others, and no gradient.
 * @throws ShapeError if the shapes differ.
 * @example negativeCosineSimilarity([[3, 4]], [[4, 3]]).item() // -0.9599999785423279
 */
export const negativeCosineSimilarity = /* @__PURE__ */ lossFunction(
  "negativeCosineSimilarity",
  (p: TensorArg, z: TensorArg, _options: ReductionOptions) => {
    const [x, y] = realDoubles(p, z);
    checkSameShape("negativeCosineSimilarity", { p: x, z: y });
    return negativeCosine(x, y);
  },
);

/** `negativeCosineSimilarity` with its options kept. */
export const NegativeCosineSimilarityLoss = /* @__PURE__ */ lossClass(
  "NegativeCosineSimilarityLoss",
  negativeCosineSimilarity,
);

/**
 * BYOL's loss of one view: `loss = 2 - 2 cos(p, z)`, the squared distance of the unit vectors, between the online network's prediction p and the
 * target network's projection z, which is a constant: no gradient flows into it.
 *
 * Shapes: two batches of vectors `[..., D]`, to a scalar, or `[...]` with `reduction: "none"`. The paper adds both directions: the prediction of each view
 * against the target of the other.
 *
 * Evaluated as that distance: vectors that nearly agree keep their tiny loss, which `2 - 2 cos` rounds to 0. A vector of zeros has loss 2, and no gradient.
 * Source: Grill et al., "Bootstrap Your Own Latent" (2020), arXiv 2006.07733.
 * @throws ShapeError if the shapes differ.
 * @example byolLoss([[3, 4]], [[4, 3]]).item() // 0.07999999821186066
 */
export const byolLoss = /* @__PURE__ */ lossFunction(
  "byolLoss",
  (p: TensorArg, z: TensorArg, _options: ReductionOptions) => {
    const [x, y] = realDoubles(p, z);
    checkSameShape("byolLoss", { p: x, z: y });
    return unitDistance(unitRows(x), unitRows(y.detach()));
  },
);

/** `byolLoss` with its options kept. */
export const BYOLLoss = /* @__PURE__ */ lossClass("BYOLLoss", byolLoss);

/**
 * SimSiam's loss: `loss = -cos(p1, z2) / 2 - cos(p2, z1) / 2`, predictions p against projections z of the other view, which are constants: no gradient
 * flows into them.
 *
 * Shapes: predictions of both views, then projections of both views, `[..., D]` for all; to a scalar, or `[...]` with `reduction: "none"`.
 * Source: Chen and He, "Exploring Simple Siamese Representation Learning" (2020), arXiv 2011.10566.
 * @throws ShapeError if the shapes differ.
 * @example simSiamLoss([[3, 4]], [[1, 0]], [[1, 0]], [[4, 3]]).item() // -0.9800000190734863
 */
export const simSiamLoss = /* @__PURE__ */ lossFunction(
  "simSiamLoss",
  (p1: TensorArg, p2: TensorArg, z1: TensorArg, z2: TensorArg, _options: ReductionOptions) => {
    const [a, b, c, d] = realDoubles(p1, p2, z1, z2);
    checkSameShape("simSiamLoss", { p1: a, p2: b, z1: c, z2: d });
    return negativeCosine(a, d.detach()).add(negativeCosine(b, c.detach())).mul(0.5);
  },
);

/** `simSiamLoss` with its options kept. */
export const SimSiamLoss = /* @__PURE__ */ lossClass("SimSiamLoss", simSiamLoss);

function negativeCosine(x: Tensor, y: Tensor): Tensor {
  return rowProducts(unitRows(x), unitRows(y)).neg();
}

/** `2 - 2 cos` of unit rows (or rows of zeros) without cancellation. */
export function unitDistance(u: Tensor, v: Tensor): Tensor {
  const none = u.detach().eq(0).all(-1).logicalOr(v.detach().eq(0).all(-1));
  return where(none, 2, u.sub(v).square().sum(-1));
}
