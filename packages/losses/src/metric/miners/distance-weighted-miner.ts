import { defaultGenerator, type Generator } from "@tenon/numerics";
import { checkOption, checkPositive } from "../../core/check-option.ts";
import { lpMeasure } from "../measure.ts";
import { type TripletIndices, TripletList } from "../pair-indices.ts";
import { defineMiner } from "./define-miner.ts";

export interface DistanceWeightedMinerOptions {
  /** Smaller distances weigh as this one, against the noise of the very close. Default 0.5. */
  readonly cutoff: number;
  /** Negatives from this distance on, which have no loss, are not drawn. Default 1.4. */
  readonly nonzeroLossCutoff: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * For every positive pair one random negative of its anchor, so drawn that all distances are equally likely: the weight is the inverse density of the distances between
 * random points of a sphere,
 *
 *     w(d) = d^(2 - D) (1 - d^2 / 4)^((3 - D) / 2)
 *
 * Shapes: embeddings `[N, D]`, labels `[N]`. L2 distance of normalised embeddings. An anchor whose negatives are all beyond `nonzeroLossCutoff` has no triplet.
 * Source: Wu et al., "Sampling Matters in Deep Embedding Learning" (2017), arXiv 1706.07567.
 * @throws ArgumentError for cutoffs that are no distances of a sphere (0 to 2), and for another `distance`; ShapeError; DTypeError for labels that are no whole numbers.
 * @example distanceWeightedMiner([[1, 0], [1, 1], [0, 1]], [0, 0, 1]).negatives.toArray() // [2]
 */
export const distanceWeightedMiner = /* @__PURE__ */ defineMiner<TripletIndices, DistanceWeightedMinerOptions>(
  "distanceWeightedMiner",
  ({ others, value, batch }, { cutoff, nonzeroLossCutoff, generator = defaultGenerator() }) => {
    const size = batch.embeddings.shape[1]!;
    const logWeight = (d: number) => (2 - size) * Math.log(d) + ((3 - size) / 2) * Math.log1p((-d * d) / 4);
    const list = new TripletList();
    others.forEach(({ positives, negatives }, a) => {
      const within = negatives.filter((n) => value(a, n) < nonzeroLossCutoff);
      if (within.length === 0) return;
      const logs = within.map((n) => logWeight(Math.max(value(a, n), cutoff)));
      const top = Math.max(...logs);
      const weights = logs.map((w) => Math.exp(w - top));
      for (const p of positives) list.add(a, p, within[draw(weights, generator)]!);
    });
    return list.indices();
  },
  {
    defaults: { cutoff: 0.5, nonzeroLossCutoff: 1.4 },
    distance: lpMeasure,
    check: ({ cutoff, nonzeroLossCutoff, distance }) => {
      checkPositive("distanceWeightedMiner", "cutoff", cutoff);
      const fits = nonzeroLossCutoff > cutoff && nonzeroLossCutoff <= 2;
      checkOption(
        "distanceWeightedMiner",
        "nonzeroLossCutoff",
        String(nonzeroLossCutoff),
        "above cutoff, at most 2",
        fits,
      );
      checkOption(
        "distanceWeightedMiner",
        "distance",
        distance?.name,
        "left out: the weights are of L2 distances",
        distance === undefined,
      );
    },
  },
);

/** A position, each as likely as its weight says. */
function draw(weights: readonly number[], generator: Generator): number {
  let left = generator.uniform(
    0,
    weights.reduce((a, b) => a + b),
  );
  const at = weights.findIndex((w) => {
    left -= w;
    return left < 0;
  });
  return at < 0 ? weights.length - 1 : at;
}
