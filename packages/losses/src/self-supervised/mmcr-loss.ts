import { nuclearNorm, type TensorArg } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import { lossClass } from "../core/loss-class.ts";
import { lossFunction } from "../core/loss-function.ts";
import { realDoubles } from "../core/real-doubles.ts";
import type { ReductionOptions } from "../core/reduction.ts";
import { unitRows } from "../metric/unit-rows.ts";
import { checkRank } from "./two-views.ts";

const OP = "mmcrLoss";

export interface MMCRLossOptions extends ReductionOptions {
  /** Weight of the size of each image's own manifold. Default 0.005. */
  readonly lambda?: number;
}

/**
 * Maximum manifold capacity: `loss = lambda / N sum_i |Z_i|_* - |C|_*`, with the nuclear norms (sums of singular values) of each image's unit vectors
 * Z_i `[V, D]` and of the images' centroids C `[N, D]`. Centroids are to fill the space, views of one image to fall together.
 *
 * Shapes: embeddings of V views `[N, V, D]`, to a scalar (`reduction` changes nothing). For a momentum encoder put its embeddings, detached, beside the
 * others as further views. The gradient is finite at equal and at vanishing singular values; see `nuclearNorm` for what it costs.
 * Source: Yerxa et al., "Learning Efficient Coding of Natural Images with Maximum Manifold Capacity Representations" (2023), arXiv 2303.03307; lambda is the
 * default of lightly.
 * @throws ShapeError unless embeddings are `[N, V, D]`; ArgumentError for a negative lambda.
 * @example mmcrLoss([[[1, 0], [1, 0]], [[0, 1], [0, 1]]], { lambda: 0 }).item() // -2
 */
export const mmcrLoss = /* @__PURE__ */ lossFunction(
  OP,
  (embeddings: TensorArg, { lambda = 0.005 }: MMCRLossOptions) => {
    checkOption(OP, "lambda", lambda, "0 or more", lambda >= 0);
    const [x] = realDoubles(embeddings);
    checkRank(OP, "embeddings", x, "[N, V, D]");
    const units = unitRows(x);
    const capacity = nuclearNorm(units.mean(1)).neg();
    return lambda === 0 ? capacity : capacity.add(nuclearNorm(units).mean().mul(lambda));
  },
);

/** `mmcrLoss` with its options kept. */
export const MMCRLoss = /* @__PURE__ */ lossClass("MMCRLoss", mmcrLoss);
