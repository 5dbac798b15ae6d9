import { checkOneOf } from "../../core/check-option.ts";
import { lpMeasure } from "../measure.ts";
import { type TripletIndices, TripletList } from "../pair-indices.ts";
import { defineMiner } from "./define-miner.ts";

export interface TripletMarginMinerOptions {
  /** Default 0.2. */
  readonly margin: number;
  /** "all" that violate the margin, of them the "hard" ones (the negative is closer) or the "semihard" ones (it is farther); "easy": those that do not. Default "all". */
  readonly type: "all" | "hard" | "semihard" | "easy";
}

/**
 * Triplets by d_an - d_ap: at most the margin ("all"), at most 0 ("hard"), between ("semihard"), or more than the margin ("easy").
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. L2 distance of normalised embeddings; for a similarity the difference is s_ap - s_an.
 * Source: Schroff et al., "FaceNet" (2015), arXiv 1503.03832.
 * @throws ArgumentError for an unknown type; ShapeError; DTypeError for labels that are no whole numbers.
 * @example tripletMarginMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).anchors.toArray() // [1]
 */
export const tripletMarginMiner = /* @__PURE__ */ defineMiner<TripletIndices, TripletMarginMinerOptions>(
  "tripletMarginMiner",
  ({ others, closeness }, { margin, type }) => {
    const wanted = {
      all: (gap: number) => gap <= margin,
      hard: (gap: number) => gap <= margin && gap <= 0,
      semihard: (gap: number) => gap <= margin && gap > 0,
      easy: (gap: number) => gap > margin,
    }[type];
    const list = new TripletList();
    others.forEach(({ positives, negatives }, a) => {
      for (const p of positives) {
        for (const n of negatives) if (wanted(closeness(a, p) - closeness(a, n))) list.add(a, p, n);
      }
    });
    return list.indices();
  },
  {
    defaults: { margin: 0.2, type: "all" },
    distance: lpMeasure,
    check: ({ type }) => checkOneOf("tripletMarginMiner", "type", type, ["all", "hard", "semihard", "easy"]),
  },
);
