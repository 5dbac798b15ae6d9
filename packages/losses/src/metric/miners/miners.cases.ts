import type { Tensor, TensorArg } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { badOption, metricFixtures, pairErrors } from "../../testing/metric-samples.ts";
import { lpMeasure } from "../measure.ts";
import {
  isPairs,
  type PairIndices,
  pairsFromLabels,
  type TripletIndices,
  tripletsFromLabels,
  tripletsOfPairs,
} from "../pair-indices.ts";
import { angularMiner } from "./angular-miner.ts";
import { batchEasyHardMiner } from "./batch-easy-hard-miner.ts";
import { batchHardMiner } from "./batch-hard-miner.ts";
import { distanceWeightedMiner } from "./distance-weighted-miner.ts";
import { hdcMiner } from "./hdc-miner.ts";
import { multiSimilarityMiner } from "./multi-similarity-miner.ts";
import { pairMarginMiner } from "./pair-margin-miner.ts";
import { tripletMarginMiner } from "./triplet-margin-miner.ts";
import { uniformHistogramMiner } from "./uniform-histogram-miner.ts";

// Lists: tools/fixtures/losses/metric_miners.py, pair by pair.

const lists = (mined: PairIndices | TripletIndices) =>
  isPairs(mined)
    ? [mined.anchors, mined.positives, mined.negativeAnchors, mined.negatives]
    : [mined.anchors, mined.positives, mined.negatives];

// Miners that take no options of their own see those of all miners.
type AnyMiner = (embeddings: TensorArg, labels: TensorArg, options?: never) => PairIndices | TripletIndices;

function minerCases(
  name: string,
  miner: AnyMiner,
  errors: readonly ErrorCase[] = [],
  samples: readonly Sample[] = metricFixtures("metric-miners", name),
): OpCases {
  return {
    name,
    run: (embeddings: TensorArg, labels: TensorArg, options?: never) => lists(miner(embeddings, labels, options)),
    gradient: "it chooses",
    onnx: "which pairs there are depends on values",
    samples,
    errors: [...pairErrors(name), ...errors],
  };
}

export const miners: OpCases[] = [
  minerCases("tripletMarginMiner", tripletMarginMiner, [
    badOption({ type: "medium" }, /tripletMarginMiner: type must be one of.*medium/),
  ]),
  minerCases("pairMarginMiner", pairMarginMiner),
  minerCases("batchHardMiner", batchHardMiner),
  minerCases("batchEasyHardMiner", batchEasyHardMiner, [
    badOption({ positiveStrategy: "medium" }, /batchEasyHardMiner: positiveStrategy must be one of.*medium/),
    badOption(
      { positiveStrategy: "semihard" },
      /batchEasyHardMiner: semihard needs one pair of the other kind.*"semihard"/,
    ),
    badOption({ positiveStrategy: "all" }, /batchEasyHardMiner: semihard needs one pair of the other kind.*"all"/),
  ]),
  minerCases("multiSimilarityMiner", multiSimilarityMiner),
  minerCases("angularMiner", angularMiner, [
    badOption({ angle: 0 }, /angularMiner: angle must be between 0 and 90 degrees.*0/),
    badOption({ distance: lpMeasure() }, /angularMiner: distance must be left out/),
  ]),
  minerCases("hdcMiner", hdcMiner, [badOption({ share: 0 }, /hdcMiner: share must be above 0, at most 1.*0/)]),
];

// One negative within reach, or one pair a bin, leaves nothing to chance. What they draw otherwise: metric.test.ts.
const CORNER = [
  [1, 0],
  [1, 1],
  [0, 1],
];

export const distanceWeighted: OpCases = minerCases(
  "distanceWeightedMiner",
  distanceWeightedMiner,
  [
    badOption({ cutoff: 0 }, /distanceWeightedMiner: cutoff must be a number above 0/),
    badOption({ nonzeroLossCutoff: 0.25 }, /distanceWeightedMiner: nonzeroLossCutoff must be above cutoff, at most 2/),
    badOption({ distance: lpMeasure() }, /distanceWeightedMiner: distance must be left out/),
  ],
  [
    {
      name: "one negative",
      args: ({ index }) => [CORNER, index([0, 0, 1]), { nonzeroLossCutoff: 1.5 }],
      expect: [
        [0, 1],
        [1, 0],
        [2, 2],
      ],
    },
    {
      name: "a negative beyond the cutoff",
      args: ({ index }) => [CORNER, index([0, 0, 1])],
      expect: [[1], [0], [2]],
    },
    { name: "no positives", args: ({ index }) => [CORNER, index([0, 1, 2])], expect: [[], [], []] },
  ],
);

export const uniformHistogram: OpCases = minerCases(
  "uniformHistogramMiner",
  uniformHistogramMiner,
  [
    badOption({ bins: 0 }, /uniformHistogramMiner: bins must be a whole number above 0/),
    badOption({ positivesPerBin: 1.5 }, /uniformHistogramMiner: positivesPerBin must be a whole number above 0/),
    badOption({ negativesPerBin: -1 }, /uniformHistogramMiner: negativesPerBin must be a whole number above 0/),
  ],
  [
    {
      name: "one pair a bin",
      args: ({ index, tensor }) => [
        CORNER.slice(0, 1),
        index([0]),
        {
          referenceEmbeddings: tensor(CORNER),
          referenceLabels: index([0, 1, 1]),
          bins: 2,
          positivesPerBin: 2,
          negativesPerBin: 1,
        },
      ],
      expect: [
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 2],
      ],
    },
    { name: "no pairs", args: ({ index }) => [CORNER.slice(0, 1), index([0])], expect: [[], [], [], []] },
  ],
);

export const joined: OpCases = {
  name: "tripletsOfPairs",
  run: (anchors: Tensor, positives: Tensor, negativeAnchors: Tensor, negatives: Tensor) =>
    lists(tripletsOfPairs({ anchors, positives, negativeAnchors, negatives })),
  gradient: "it chooses",
  onnx: "which triplets there are depends on values",
  samples: [
    {
      args: ({ index }) => [index([0, 2, 0]), index([1, 3, 4]), index([0, 1, 0]), index([7, 8, 9])],
      expect: [
        [0, 0, 0, 0],
        [1, 1, 4, 4],
        [7, 9, 7, 9],
      ],
    },
  ],
};

export const pairs: OpCases = {
  name: "pairsFromLabels",
  run: (labels: TensorArg, options?: object) => lists(pairsFromLabels(labels, options)),
  gradient: "it chooses",
  onnx: "which pairs there are depends on values",
  samples: metricFixtures("metric-miners", "pairsFromLabels"),
};

export const triplets: OpCases = {
  name: "tripletsFromLabels",
  run: (labels: TensorArg, options?: object) => lists(tripletsFromLabels(labels, options)),
  gradient: "it chooses",
  onnx: "which triplets there are depends on values",
  samples: metricFixtures("metric-miners", "tripletsFromLabels"),
};
