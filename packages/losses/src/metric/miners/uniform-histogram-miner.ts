import { defaultGenerator, type Generator } from "@tenon/numerics";
import { checkOption } from "../../core/check-option.ts";
import { lpMeasure } from "../measure.ts";
import { type Others, type PairIndices, PairList } from "../pair-indices.ts";
import { defineMiner } from "./define-miner.ts";

export interface UniformHistogramMinerOptions {
  /** How many bins the range of distances is cut into. Default 100. */
  readonly bins: number;
  /** Positive pairs drawn from each bin that has some. Default 10. */
  readonly positivesPerBin: number;
  /** Negative pairs drawn from each bin that has some. Default 10. */
  readonly negativesPerBin: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Pairs evenly spread over the distances that there are: the range from the least to the greatest is cut into bins, and from each so many pairs are drawn, with
 * repetition.
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. L2 distance of normalised embeddings. Losses of pairs count a pair once, however often it was drawn.
 * @throws ArgumentError for counts that are no whole numbers above 0; ShapeError; DTypeError for labels that are no whole numbers.
 * @example uniformHistogramMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1], { negativesPerBin: 1 }).negatives.size // 2
 */
export const uniformHistogramMiner = /* @__PURE__ */ defineMiner<PairIndices, UniformHistogramMinerOptions>(
  "uniformHistogramMiner",
  ({ others, value }, { bins, positivesPerBin, negativesPerBin, generator = defaultGenerator() }) => {
    const draw = (kind: keyof Others, count: number) => {
      const pairs = others.flatMap((own, a) => own[kind].map((j) => [a, j] as const));
      const filled = binned(pairs, ([a, j]) => value(a, j), bins);
      return filled.flatMap((bin) => Array.from({ length: count }, () => bin[generator.integer(bin.length)]!));
    };
    const list = new PairList();
    for (const [a, p] of draw("positives", positivesPerBin)) list.positive(a, p);
    for (const [a, n] of draw("negatives", negativesPerBin)) list.negative(a, n);
    return list.indices();
  },
  {
    defaults: { bins: 100, positivesPerBin: 10, negativesPerBin: 10 },
    distance: lpMeasure,
    check: (options) => {
      for (const name of ["bins", "positivesPerBin", "negativesPerBin"] as const) {
        const count = options[name];
        checkOption(
          "uniformHistogramMiner",
          name,
          String(count),
          "a whole number above 0",
          Number.isInteger(count) && count > 0,
        );
      }
    },
  },
);

/** The bins that are not empty, from the least value on. */
function binned<T>(items: readonly T[], value: (item: T) => number, bins: number): T[][] {
  const values = items.map(value);
  const low = Math.min(...values);
  const width = (Math.max(...values) - low) / bins;
  const filled: T[][] = Array.from({ length: bins }, () => []);
  items.forEach((item, i) => {
    const at = width > 0 ? Math.floor((values[i]! - low) / width) : 0;
    filled[Math.min(at, bins - 1)]!.push(item);
  });
  return filled.filter((bin) => bin.length > 0);
}
