import { linspace, type Tensor, where } from "@tenon/numerics";
import { checkOption } from "../core/check-option.ts";
import type { Losses } from "../core/reduction.ts";
import { definePairLoss, pairLossClass } from "./define-pair-loss.ts";
import { atLeastOne, countOf, only } from "./masked.ts";
import { lpMeasure } from "./measure.ts";

export interface FastAPLossOptions {
  /** How many bins lie between the distances 0 and 4. Default 10. */
  readonly bins: number;
}

/**
 * FastAP: 1 minus the average precision of ranking the others by their distance to an anchor, from a soft histogram of distances.
 *
 *     loss_a = 1 - sum over nodes j of h_pos(j) H_pos(j) / H(j) / P
 *
 * h counts the positives (each shared between the two nodes around its distance), H what lies up to a node, P the anchor's positives. Shapes: embeddings `[N, D]`,
 * labels `[N]`; to a scalar, or `[N]` with `reduction: "none"`. "mean" divides by the anchors that have a positive; others have loss 0. Squared L2 distance of
 * normalised embeddings.
 * Source: Cakir et al., "Deep Metric Learning to Rank" (2019).
 * @throws ArgumentError unless `bins` is a whole number above 0, and for another `distance`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example fastApLoss([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).item() // 0.25
 */
export const fastApLoss = /* @__PURE__ */ definePairLoss<FastAPLossOptions>(
  "fastApLoss",
  (batch, { bins }): Losses => {
    const { positives, negatives } = batch;
    const places = batch
      .values()
      .clamp({ max: 4 })
      .mul(bins / 4);
    const nodes = linspace(0, bins, bins + 1, { dtype: places.dtype });
    const shares = places.unsqueeze(-1).sub(nodes).abs().neg().add(1).relu(); // [N, M, bins + 1]
    const histogram = (mask: Tensor) => only(mask.unsqueeze(-1), shares).sum(1);
    const near = histogram(positives);
    const all = histogram(positives.logicalOr(negatives)).cumsum(-1);
    const none = all.eq(0);
    const precision = near.mul(near.cumsum(-1)).div(where(none, 1, all));
    const count = positives.to(places.dtype).sum(-1);
    const some = count.gt(0);
    const average = only(none.logicalNot(), precision).sum(-1).div(atLeastOne(count));
    return { losses: only(some, average.neg().add(1)), divisor: countOf(some, places) };
  },
  {
    defaults: { bins: 10 },
    distance: () => lpMeasure({ power: 2 }),
    check: ({ bins, distance }) => {
      checkOption("fastApLoss", "bins", String(bins), "a whole number above 0", Number.isInteger(bins) && bins > 0);
      checkOption(
        "fastApLoss",
        "distance",
        distance?.name,
        "left out: the bins are of squared distances",
        distance === undefined,
      );
    },
  },
);

/** `fastApLoss` with its options kept. */
export const FastAPLoss = /* @__PURE__ */ pairLossClass("FastAPLoss", fastApLoss);
