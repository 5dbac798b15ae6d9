import { ArgumentError } from "@tenon/numerics";
import { checkOneOf } from "../../core/check-option.ts";
import { lpMeasure } from "../measure.ts";
import { type PairIndices, PairList } from "../pair-indices.ts";
import { defineMiner, type Field } from "./define-miner.ts";
import { least, most } from "./extremes.ts";

/** "easy": the closest positive, the farthest negative; "hard": the other way round; "semihard": the hardest that the other side still beats; "all". */
export type EasyHardStrategy = "hard" | "semihard" | "easy" | "all";

export interface BatchEasyHardMinerOptions {
  /** Default "easy". */
  readonly positiveStrategy: EasyHardStrategy;
  /** Default "semihard". */
  readonly negativeStrategy: EasyHardStrategy;
  /** Positive pairs count only if their measure lies in this range. Default all. */
  readonly positiveRange?: readonly [low: number, high: number];
  /** The same for negative pairs. */
  readonly negativeRange?: readonly [low: number, high: number];
}

const STRATEGIES: readonly EasyHardStrategy[] = ["hard", "semihard", "easy", "all"];

/**
 * One positive and one negative of each anchor, each easy, hard or semihard (or all of them). A semihard negative is the closest one that is farther than the chosen
 * positive; a semihard positive the farthest one that is closer than the chosen negative. Anchors that lack one of them are left out.
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. L2 distance of normalised embeddings. The first of equals is taken.
 * Source: Xuan et al., "Improved Embeddings with Easy Positive Triplet Mining" (2019), arXiv 1904.04370.
 * @throws ArgumentError for strategies that do not go together: semihard with semihard or all; ShapeError; DTypeError for labels that are no whole numbers.
 * @example batchEasyHardMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).negatives.toArray() // [2]
 */
export const batchEasyHardMiner = /* @__PURE__ */ defineMiner<PairIndices, BatchEasyHardMinerOptions>(
  "batchEasyHardMiner",
  (field, options) => {
    const list = new PairList();
    field.others.forEach((_, a) => {
      const [positives, negatives] = chosen(field, a, options);
      const one = options.positiveStrategy !== "all" && options.negativeStrategy !== "all";
      if (one && (positives.length === 0 || negatives.length === 0)) return;
      for (const p of positives) list.positive(a, p);
      for (const n of negatives) list.negative(a, n);
    });
    return list.indices();
  },
  { defaults: { positiveStrategy: "easy", negativeStrategy: "semihard" }, distance: lpMeasure, check: checkStrategies },
);

function chosen(
  { others, value, closeness }: Field,
  a: number,
  { positiveStrategy, negativeStrategy, positiveRange, negativeRange }: BatchEasyHardMinerOptions,
): [number[], number[]] {
  const within = (range: readonly [number, number] | undefined) => (j: number) =>
    range === undefined || (value(a, j) >= range[0] && value(a, j) <= range[1]);
  const near = others[a]!.positives.filter(within(positiveRange));
  const far = others[a]!.negatives.filter(within(negativeRange));
  const score = (j: number) => closeness(a, j);
  const positive = (limit?: number) =>
    best(
      positiveStrategy === "easy" ? most : least,
      near,
      score,
      limit === undefined ? undefined : (j) => score(j) > score(limit),
    );
  const negative = (limit?: number) =>
    best(
      negativeStrategy === "easy" ? least : most,
      far,
      score,
      limit === undefined ? undefined : (j) => score(j) < score(limit),
    );
  if (positiveStrategy === "semihard") {
    const n = negative();
    return n.length === 0 ? [[], []] : [positive(n[0]), n];
  }
  const p = positiveStrategy === "all" ? near : positive();
  if (negativeStrategy === "semihard") return p.length === 0 ? [[], []] : [p, negative(p[0])];
  return [p, negativeStrategy === "all" ? far : negative()];
}

function best(
  choose: typeof most,
  items: readonly number[],
  score: (item: number) => number,
  allowed: (item: number) => boolean = () => true,
): number[] {
  const found = choose(items.filter(allowed), score);
  return found === undefined ? [] : [found];
}

function checkStrategies({ positiveStrategy, negativeStrategy }: BatchEasyHardMinerOptions): void {
  checkOneOf("batchEasyHardMiner", "positiveStrategy", positiveStrategy, STRATEGIES);
  checkOneOf("batchEasyHardMiner", "negativeStrategy", negativeStrategy, STRATEGIES);
  const both = [positiveStrategy, negativeStrategy];
  if (!both.includes("semihard") || both.includes("easy") || both.includes("hard")) return;
  throw new ArgumentError({
    op: "batchEasyHardMiner",
    rule: "semihard needs one pair of the other kind to compare with",
    received: `positiveStrategy ${JSON.stringify(positiveStrategy)}, negativeStrategy ${JSON.stringify(negativeStrategy)}`,
    expected: 'the other one "easy" or "hard"',
  });
}
