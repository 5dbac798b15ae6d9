import { checkOption } from "../../core/check-option.ts";
import { lpMeasure } from "../measure.ts";
import { type Others, type PairIndices, PairList } from "../pair-indices.ts";
import { defineMiner } from "./define-miner.ts";

export interface HdcMinerOptions {
  /** The share of pairs that is kept, above 0 to 1. Default 0.5. */
  readonly share: number;
}

/**
 * The hardest share of the positive pairs of a batch (the farthest) and of its negative pairs (the closest), hardest first, rounded up.
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. L2 distance of normalised embeddings. Of equals the first are taken.
 * Source: Yuan et al., "Hard-Aware Deeply Cascaded Embedding" (2016), arXiv 1611.05720.
 * @throws ArgumentError for a share outside 0 to 1; ShapeError; DTypeError for labels that are no whole numbers.
 * @example hdcMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).negativeAnchors.toArray() // [1, 2]
 */
export const hdcMiner = /* @__PURE__ */ defineMiner<PairIndices, HdcMinerOptions>(
  "hdcMiner",
  ({ others, closeness }, { share }) => {
    const hardest = (kind: keyof Others, sign: 1 | -1) => {
      const pairs = others.flatMap((own, a) => own[kind].map((j) => [a, j] as const));
      const score = ([a, j]: readonly [number, number]) => sign * closeness(a, j);
      return [...pairs].sort((x, y) => score(y) - score(x)).slice(0, Math.ceil(share * pairs.length));
    };
    const list = new PairList();
    for (const [a, p] of hardest("positives", -1)) list.positive(a, p);
    for (const [a, n] of hardest("negatives", 1)) list.negative(a, n);
    return list.indices();
  },
  {
    defaults: { share: 0.5 },
    distance: lpMeasure,
    check: ({ share }) =>
      checkOption("hdcMiner", "share", String(share), "above 0, at most 1", share > 0 && share <= 1),
  },
);
