import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { badOption, metricFixtures, pairErrors } from "../testing/metric-samples.ts";
import { circleLoss } from "./circle-loss.ts";
import { contrastiveLoss, signalToNoiseRatioContrastiveLoss } from "./contrastive-loss.ts";
import { infoNceLoss } from "./info-nce-loss.ts";
import { lpMeasure } from "./measure.ts";
import { multiSimilarityLoss } from "./multi-similarity-loss.ts";
import { ntXentLoss } from "./nt-xent-loss.ts";
import { supConLoss } from "./sup-con-loss.ts";
import { tripletLoss } from "./triplet-loss.ts";

// Values: metric_contrastive.py, metric_triplets.py and metric_pairs.py of tools/fixtures/losses, by loops over pairs in long double. Their gradients are differences in long double, good to 1e-10.
const DIFFERENCES = {
  gradient: "the weights are constants to the gradient",
  tolerance: { float64: { relative: 1e-9, absolute: 1e-11 } },
};

// The same for all losses of pairs.
const referenceErrors: ErrorCase[] = [
  {
    args: ({ index, tensor }) => [
      [[1, 2]],
      index([0]),
      { referenceEmbeddings: tensor([[1]]), referenceLabels: index([0]) },
    ],
    error: ShapeError,
    message: /embeddings and references differ in size.*\[1, 2\].*\[1, 1\]/,
  },
  {
    args: ({ index, tensor }) => [[[1, 2]], index([0]), { referenceEmbeddings: tensor([[1, 2]]) }],
    error: ShapeError,
    message: /there must be one label for each embedding.*labels \[0\]/,
  },
  {
    args: ({ index }) => [
      [[1, 2]],
      index([0]),
      { indices: { anchors: index([0]), positives: index([]), negatives: index([0]) } },
    ],
    error: ShapeError,
    message: /the indices of a pair must be lists of one length.*\[1\] and \[0\]/,
  },
  {
    args: ({ index }) => [
      [[1, 2]],
      index([0]),
      { indices: { anchors: index([0]), positives: index([1]), negatives: index([0]) } },
    ],
    error: IndexOutOfRangeError,
    message: /an index is not among the embeddings compared with.*1 at position 0.*0 to 0/,
  },
  {
    args: ({ index }) => [
      [[1, 2]],
      index([0]),
      { indices: { anchors: index([-1]), positives: index([0]), negatives: index([0]) } },
    ],
    error: IndexOutOfRangeError,
    message: /an anchor is not in the batch.*-1 at position 0.*0 to 0/,
  },
  {
    args: ({ index }) => [[[1, 2]], index([0]), { ownReference: index([0, 1]) }],
    error: ShapeError,
    message: /ownReference must have one place for each embedding.*\[2\].*\[1\]/,
  },
];

export const infoNce: OpCases = {
  name: "infoNceLoss",
  run: infoNceLoss,
  also: ["InfoNCELoss"],
  samples: metricFixtures("metric-contrastive", "infoNceLoss"),
  errors: [
    ...pairErrors("infoNceLoss"),
    ...referenceErrors,
    badOption({ temperature: 0 }, /infoNceLoss: temperature must be a number above 0/),
    badOption({ against: "some" }, /infoNceLoss: against must be one of "negatives", "all".*some/),
    badOption({ reduction: "batch" }, /infoNceLoss: unknown reduction.*batch/),
  ],
};

export const ntXent: OpCases = {
  name: "ntXentLoss",
  run: ntXentLoss,
  also: ["NTXentLoss"],
  samples: metricFixtures("metric-contrastive", "ntXentLoss", {
    empty: { gradient: "0 / 0", onnx: "0 / 0" },
    sizes: { gradient: "finite differences do not fit embeddings of these sizes" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [[1, 2, 3]]],
      error: ShapeError,
      message: /ntXentLoss: first, second must have the same shape/,
    },
    {
      args: () => [
        [1, 2],
        [1, 2],
      ],
      error: ShapeError,
      message: /ntXentLoss: embeddings must be a matrix.*\[2\]/,
    },
    {
      args: () => [[[1, 2]], [[1, 2]], { temperature: 0 }],
      error: ArgumentError,
      message: /ntXentLoss: temperature must be a number above 0/,
    },
  ],
};

export const supCon: OpCases = {
  name: "supConLoss",
  run: supConLoss,
  also: ["SupConLoss"],
  samples: metricFixtures("metric-contrastive", "supConLoss"),
  errors: [
    ...pairErrors("supConLoss"),
    badOption({ temperature: -1 }, /supConLoss: temperature must be a number above 0.*-1/),
    badOption({ baseTemperature: 0 }, /supConLoss: baseTemperature must be a number above 0/),
  ],
};

export const triplet: OpCases = {
  name: "tripletLoss",
  run: tripletLoss,
  also: ["TripletLoss"],
  samples: metricFixtures("metric-triplets", "tripletLoss", {
    none: { onnx: "a graph has a row for every combination, not only for triplets of the labels" },
    empty: { onnx: "a graph of no rows" },
  }),
  errors: [
    ...pairErrors("tripletLoss"),
    badOption({ mining: "medium" }, /tripletLoss: mining must be one of .*medium/),
    badOption({ margin: Number.NaN }, /tripletLoss: margin must be a number.*NaN/),
    badOption({ average: "some" }, /tripletLoss: average must be one of/),
  ],
};

export const contrastive: OpCases = {
  name: "contrastiveLoss",
  run: contrastiveLoss,
  also: ["ContrastiveLoss"],
  samples: metricFixtures("metric-contrastive", "contrastiveLoss"),
  errors: [
    ...pairErrors("contrastiveLoss"),
    badOption({ power: 3 }, /contrastiveLoss: power must be one of "1", "2".*3/),
    badOption({ average: "some" }, /contrastiveLoss: average must be one of/),
  ],
};

export const snr: OpCases = {
  name: "signalToNoiseRatioContrastiveLoss",
  run: signalToNoiseRatioContrastiveLoss,
  also: ["SignalToNoiseRatioContrastiveLoss"],
  samples: metricFixtures("metric-contrastive", "signalToNoiseRatioContrastiveLoss", {
    "silent anchors": { gradient: "the distance from a constant embedding is infinite" },
  }),
  errors: [
    ...pairErrors("signalToNoiseRatioContrastiveLoss"),
    badOption({ average: "some" }, /signalToNoiseRatioContrastiveLoss: average must be one of/),
  ],
};

export const multiSimilarity: OpCases = {
  name: "multiSimilarityLoss",
  run: multiSimilarityLoss,
  also: ["MultiSimilarityLoss"],
  samples: metricFixtures("metric-pairs", "multiSimilarityLoss"),
  errors: [
    ...pairErrors("multiSimilarityLoss"),
    badOption({ alpha: 0 }, /multiSimilarityLoss: alpha must be a number above 0/),
    badOption({ beta: 0 }, /multiSimilarityLoss: beta must be a number above 0/),
  ],
};

export const circle: OpCases = {
  name: "circleLoss",
  run: circleLoss,
  also: ["CircleLoss"],
  samples: metricFixtures("metric-pairs", "circleLoss", {
    "*": { gradient: "the weights are constants to the gradient" },
    "margin 0.25, gamma 4": DIFFERENCES,
  }),
  errors: [
    ...pairErrors("circleLoss"),
    badOption({ gamma: 0 }, /circleLoss: gamma must be a number above 0/),
    badOption({ distance: lpMeasure() }, /circleLoss: distance must be a similarity.*L2 distance/),
  ],
};
