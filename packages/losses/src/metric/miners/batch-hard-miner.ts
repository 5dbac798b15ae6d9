import { lpMeasure } from "../measure.ts";
import { type TripletIndices, TripletList } from "../pair-indices.ts";
import { defineMiner } from "./define-miner.ts";
import { least, most } from "./extremes.ts";

/**
 * For every anchor its farthest positive and its closest negative; anchors that lack one of them have no triplet. The first of equals is taken.
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. L2 distance of normalised embeddings.
 * Source: Hermans et al., "In Defense of the Triplet Loss for Person Re-Identification" (2017), arXiv 1703.07737.
 * @throws ShapeError; DTypeError for labels that are no whole numbers.
 * @example batchHardMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).negatives.toArray() // [2, 2]
 */
export const batchHardMiner = /* @__PURE__ */ defineMiner<TripletIndices, object>(
  "batchHardMiner",
  ({ others, closeness }) => {
    const list = new TripletList();
    others.forEach(({ positives, negatives }, a) => {
      const p = least(positives, (j) => closeness(a, j));
      const n = most(negatives, (j) => closeness(a, j));
      if (p !== undefined && n !== undefined) list.add(a, p, n);
    });
    return list.indices();
  },
  { defaults: {}, distance: lpMeasure },
);
