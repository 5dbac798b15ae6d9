import { eye, indexSelect, type TensorArg, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { Losses, ReductionOptions } from "../core/reduction.ts";
import { rowNorms, unitRows } from "../metric/unit-rows.ts";
import { checkMatrix } from "./two-views.ts";

const OP = "koLeoLoss";

export interface KoLeoLossOptions extends ReductionOptions {
  /** Added to the distance under the logarithm; with 0 two equal embeddings have an infinite loss. Default 1e-8. */
  readonly eps?: number;
}

/**
 * Kozachenko-Leonenko regularizer: `loss_i = -log(|u_i - u_nearest| + eps)` of unit vectors u, which spreads a batch evenly over the sphere.
 *
 * Shapes: embeddings `[N, D]`, to a scalar, or `[N]` with `reduction: "none"`. A single embedding has no neighbour: loss 0, and it does not count in the
 * mean. The choice of the neighbour (greatest cosine, the first of equals) has no gradient.
 * Source: Sablayrolles et al., "Spreading Vectors for Similarity Search" (2018), arXiv 1806.03198; as used by Oquab et al., "DINOv2" (2023), arXiv 2304.07193.
 * Differs from DINOv2's code: eps is not added to the difference of the vectors, too.
 * @throws ShapeError unless embeddings are `[N, D]`; ArgumentError for a negative eps.
 * @example koLeoLoss([[1, 0], [0, 1]]).item() // -0.3465735912322998
 */
export const koLeoLoss = /* @__PURE__ */ lossFunction(
  OP,
  (embeddings: TensorArg, { eps = 1e-8 }: KoLeoLossOptions): Losses => {
    checkOption(OP, "eps", eps, "0 or more", eps >= 0);
    const [x] = realDoubles(embeddings);
    checkMatrix(OP, "embeddings", x);
    const n = x.shape[0]!;
    if (n < 2) return { losses: x.sum(1).mul(0), divisor: 0 };
    const u = unitRows(x);
    const fixed = u.detach();
    const self = eye(n, undefined, { dtype: "bool" });
    const nearest = where(self, Number.NEGATIVE_INFINITY, fixed.matmul(fixed.t())).argmax(1);
    const distance = rowNorms(u.sub(indexSelect(u, 0, nearest)));
    const same = distance.detach().add(eps).eq(0);
    return { losses: where(same, Number.POSITIVE_INFINITY, where(same, 1, distance.add(eps)).log().neg()) };
  },
);

/** `koLeoLoss` with its options kept. */
export const KoLeoLoss = /* @__PURE__ */ lossClass("KoLeoLoss", koLeoLoss);
