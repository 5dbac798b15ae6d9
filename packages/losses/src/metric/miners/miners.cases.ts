import type { TensorArg } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { badOption, metricFixtures, pairErrors } from "../../testing/metric-samples.ts";
import { lpMeasure } from "../measure.ts";
import {
  isPairs,
  type PairIndices,
  pairsFromLabels,
  type TripletIndices,
  tripletsFromLabels,
} from "../pair-indices.ts";
import { angularMiner } from "./angular-miner.ts";
import { batchEasyHardMiner } from "./batch-easy-hard-miner.ts";
import { batchHardMiner } from "./batch-hard-miner.ts";
import { hdcMiner } from "./hdc-miner.ts";
import { multiSimilarityMiner } from "./multi-similarity-miner.ts";
import { pairMarginMiner } from "./pair-margin-miner.ts";
import { tripletMarginMiner } from "./triplet-margin-miner.ts";

// Lists: tools/fixtures/losses/metric.py, pair by pair.

const lists = (mined: PairIndices | TripletIndices) =>
  isPairs(mined)
    ? [mined.anchors, mined.positives, mined.negativeAnchors, mined.negatives]
    : [mined.anchors, mined.positives, mined.negatives];

// Miners that take no options of their own see those of all miners.
type AnyMiner = (embeddings: TensorArg, labels: TensorArg, options?: never) => PairIndices | TripletIndices;

function minerCases(name: string, miner: AnyMiner, errors: readonly ErrorCase[] = []): OpCases {
  return {
    name,
    run: (embeddings: TensorArg, labels: TensorArg, options?: never) => lists(miner(embeddings, labels, options)),
    gradient: "it chooses",
    onnx: "which pairs there are depends on values",
    samples: metricFixtures(name),
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

export const pairs: OpCases = {
  name: "pairsFromLabels",
  run: (labels: TensorArg, options?: object) => lists(pairsFromLabels(labels, options)),
  gradient: "it chooses",
  onnx: "which pairs there are depends on values",
  samples: metricFixtures("pairsFromLabels"),
};

export const triplets: OpCases = {
  name: "tripletsFromLabels",
  run: (labels: TensorArg, options?: object) => lists(tripletsFromLabels(labels, options)),
  gradient: "it chooses",
  onnx: "which triplets there are depends on values",
  samples: metricFixtures("tripletsFromLabels"),
};
