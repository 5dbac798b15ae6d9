import type { OpCases } from "@tenon/numerics/testing";
import { badOption, metricFixtures, pairErrors } from "../testing/metric-samples.ts";
import { angularLoss } from "./angular-loss.ts";
import { fastApLoss } from "./fast-ap-loss.ts";
import { histogramLoss } from "./histogram-loss.ts";
import { intraPairVarianceLoss } from "./intra-pair-variance-loss.ts";
import { generalizedLiftedStructureLoss, liftedStructureLoss } from "./lifted-structure-loss.ts";
import { marginLoss } from "./margin-loss.ts";
import { cosineMeasure, lpMeasure } from "./measure.ts";
import { nPairsLoss } from "./n-pairs-loss.ts";
import { ncaLoss } from "./nca-loss.ts";
import { rankedListLoss } from "./ranked-list-loss.ts";
import { tupletMarginLoss } from "./tuplet-margin-loss.ts";

// Labels have no values in a graph.
const UNREAD = {
  none: { onnx: "a graph has a row for every combination, not only for pairs of one class" },
  empty: { onnx: "a graph of no rows" },
};
const NO_ROWS = { secondGradient: "there are no rows and no classes" };

// Values: metric_pairs.py, metric_triplets.py and metric_rankings.py of tools/fixtures/losses, by loops over pairs in long double.

export const generalizedLifted: OpCases = {
  name: "generalizedLiftedStructureLoss",
  run: generalizedLiftedStructureLoss,
  also: ["GeneralizedLiftedStructureLoss"],
  samples: metricFixtures("metric-pairs", "generalizedLiftedStructureLoss"),
  errors: [...pairErrors("generalizedLiftedStructureLoss")],
};

export const lifted: OpCases = {
  name: "liftedStructureLoss",
  run: liftedStructureLoss,
  also: ["LiftedStructureLoss"],
  samples: metricFixtures("metric-pairs", "liftedStructureLoss"),
  errors: [...pairErrors("liftedStructureLoss")],
};

export const nPairs: OpCases = {
  name: "nPairsLoss",
  run: nPairsLoss,
  also: ["NPairsLoss"],
  onnx: "which pairs it takes depends on the labels' values",
  samples: metricFixtures("metric-triplets", "nPairsLoss", {
    "no positives": NO_ROWS,
    "one embedding": NO_ROWS,
    empty: NO_ROWS,
  }),
  errors: [
    ...pairErrors("nPairsLoss"),
    badOption({ regularization: -1 }, /nPairsLoss: regularization must be 0 or more.*-1/),
  ],
};

export const angular: OpCases = {
  name: "angularLoss",
  run: angularLoss,
  also: ["AngularLoss"],
  samples: metricFixtures("metric-triplets", "angularLoss", UNREAD),
  errors: [
    ...pairErrors("angularLoss"),
    badOption({ angle: 90 }, /angularLoss: angle must be between 0 and 90 degrees.*90/),
    badOption({ distance: lpMeasure() }, /angularLoss: distance must be left out.*L2 distance/),
  ],
};

export const tupletMargin: OpCases = {
  name: "tupletMarginLoss",
  run: tupletMarginLoss,
  also: ["TupletMarginLoss"],
  samples: metricFixtures("metric-triplets", "tupletMarginLoss", {
    ...UNREAD,
    // Its gradients are differences in long double, good to 1e-10.
    "equal embeddings": {
      secondGradient: "the sine has a kink there",
      tolerance: { float64: { relative: 1e-9, absolute: 1e-11 } },
    },
  }),
  errors: [
    ...pairErrors("tupletMarginLoss"),
    badOption({ scale: 0 }, /tupletMarginLoss: scale must be a number above 0/),
    badOption({ distance: lpMeasure() }, /tupletMarginLoss: distance must be left out.*L2 distance/),
  ],
};

export const intraPairVariance: OpCases = {
  name: "intraPairVarianceLoss",
  run: intraPairVarianceLoss,
  also: ["IntraPairVarianceLoss"],
  samples: metricFixtures("metric-pairs", "intraPairVarianceLoss"),
  errors: [
    ...pairErrors("intraPairVarianceLoss"),
    badOption({ average: "some" }, /intraPairVarianceLoss: average must be one of "active", "all".*some/),
  ],
};

export const rankedList: OpCases = {
  name: "rankedListLoss",
  run: rankedListLoss,
  also: ["RankedListLoss"],
  samples: metricFixtures("metric-rankings", "rankedListLoss"),
  errors: [
    ...pairErrors("rankedListLoss"),
    badOption({ balance: 2 }, /rankedListLoss: balance must be a number from 0 to 1.*2/),
    badOption({ distance: cosineMeasure() }, /rankedListLoss: distance must be a distance, not a similarity.*cosine/),
  ],
};

export const nca: OpCases = {
  name: "ncaLoss",
  run: ncaLoss,
  also: ["NCALoss"],
  samples: metricFixtures("metric-rankings", "ncaLoss"),
  errors: [...pairErrors("ncaLoss"), badOption({ scale: 0 }, /ncaLoss: scale must be a number above 0/)],
};

export const histogram: OpCases = {
  name: "histogramLoss",
  run: histogramLoss,
  also: ["HistogramLoss"],
  samples: metricFixtures("metric-rankings", "histogramLoss"),
  errors: [
    ...pairErrors("histogramLoss"),
    badOption({ bins: 1.5 }, /histogramLoss: bins must be a whole number above 0.*1.5/),
    badOption({ distance: lpMeasure() }, /histogramLoss: distance must be left out/),
  ],
};

export const fastAp: OpCases = {
  name: "fastApLoss",
  run: fastApLoss,
  also: ["FastAPLoss"],
  samples: metricFixtures("metric-rankings", "fastApLoss"),
  errors: [
    ...pairErrors("fastApLoss"),
    badOption({ bins: 0 }, /fastApLoss: bins must be a whole number above 0.*0/),
    badOption({ distance: lpMeasure() }, /fastApLoss: distance must be left out/),
  ],
};

export const margin: OpCases = {
  name: "marginLoss",
  run: marginLoss,
  also: ["MarginLoss"],
  samples: metricFixtures("metric-pairs", "marginLoss"),
  errors: [
    ...pairErrors("marginLoss"),
    badOption({ beta: [[1]] }, /marginLoss: beta must be a scalar or one for each class.*2 dimensions/),
    badOption({ average: "some" }, /marginLoss: average must be one of/),
  ],
};
