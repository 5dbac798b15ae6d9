import { lpMeasure } from "../measure.ts";
import { type PairIndices, PairList } from "../pair-indices.ts";
import { defineMiner } from "./define-miner.ts";

export interface PairMarginMinerOptions {
  /** Positive pairs farther apart than this are chosen. Default 0.2. */
  readonly positiveMargin: number;
  /** Negative pairs closer than this are chosen. Default 0.8. */
  readonly negativeMargin: number;
}

/**
 * Positive pairs that are farther apart than a margin and negative pairs that are closer than another.
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. L2 distance of normalised embeddings; for a similarity the signs turn round.
 * @throws ShapeError; DTypeError for labels that are no whole numbers.
 * @example pairMarginMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).positives.toArray() // [1, 0]
 */
export const pairMarginMiner = /* @__PURE__ */ defineMiner<PairIndices, PairMarginMinerOptions>(
  "pairMarginMiner",
  ({ others, closeness, batch }, { positiveMargin, negativeMargin }) => {
    const sign = batch.measure.similarity ? 1 : -1;
    const list = new PairList();
    others.forEach(({ positives, negatives }, a) => {
      for (const p of positives) if (closeness(a, p) < sign * positiveMargin) list.positive(a, p);
      for (const n of negatives) if (closeness(a, n) > sign * negativeMargin) list.negative(a, n);
    });
    return list.indices();
  },
  { defaults: { positiveMargin: 0.2, negativeMargin: 0.8 }, distance: lpMeasure },
);
