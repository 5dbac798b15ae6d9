import { cosineMeasure } from "../measure.ts";
import { type PairIndices, PairList } from "../pair-indices.ts";
import { defineMiner } from "./define-miner.ts";

export interface MultiSimilarityMinerOptions {
  /** Default 0.1. */
  readonly epsilon: number;
}

/**
 * Positive pairs that are hardly more similar than the anchor's closest negative, and negative pairs that are hardly less similar than its farthest positive:
 *
 *     positives with s_ap - epsilon < max_n s_an,  negatives with s_an + epsilon > min_p s_ap
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. Cosine. An anchor without negatives (positives) gives no pairs.
 * Source: Wang et al., "Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning" (2019), arXiv 1904.06627, equations 6 and 7.
 * @throws ShapeError; DTypeError for labels that are no whole numbers.
 * @example multiSimilarityMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).anchors.toArray() // [1]
 */
export const multiSimilarityMiner = /* @__PURE__ */ defineMiner<PairIndices, MultiSimilarityMinerOptions>(
  "multiSimilarityMiner",
  ({ others, closeness }, { epsilon }) => {
    const list = new PairList();
    others.forEach(({ positives, negatives }, a) => {
      const nearest = Math.max(...negatives.map((n) => closeness(a, n)));
      const farthest = Math.min(...positives.map((p) => closeness(a, p)));
      for (const p of positives) if (closeness(a, p) - epsilon < nearest) list.positive(a, p);
      for (const n of negatives) if (closeness(a, n) + epsilon > farthest) list.negative(a, n);
    });
    return list.indices();
  },
  { defaults: { epsilon: 0.1 }, distance: cosineMeasure },
);
