import { ArgumentError, type Tensor } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { metricFixtures } from "../testing/metric-samples.ts";
import { cosineMeasure, dotMeasure, lpMeasure, type Measure, snrMeasure } from "./measure.ts";

// Values: tools/fixtures/losses/metric_measures.py, pair by pair in long double.

const SIZES = { sizes: { gradient: "finite differences do not fit embeddings of these sizes" } };
const EQUAL = { "equal and zero": { gradient: "directions jump at zero, and distances have a kink there" } };

const matrixOf =
  <O>(measure: (options?: O) => Measure) =>
  (a: Tensor, b: Tensor, options?: O) =>
    measure(options).matrix(a.to("float64"), b.to("float64")).to(a.dtype);

export const cosine: OpCases = {
  name: "cosineMeasure",
  run: matrixOf(cosineMeasure),
  samples: metricFixtures("metric-measures", "cosineMeasure", {
    ...SIZES,
    ...EQUAL,
    "a zero vector": { gradient: "the direction of a vector jumps at zero" },
  }),
};

export const dot: OpCases = {
  name: "dotMeasure",
  run: matrixOf(dotMeasure),
  samples: metricFixtures("metric-measures", "dotMeasure"),
};

export const lp: OpCases = {
  name: "lpMeasure",
  run: matrixOf(lpMeasure),
  samples: metricFixtures("metric-measures", "lpMeasure", {
    ...SIZES,
    ...EQUAL,
    "one direction": { gradient: "the distance has a kink at zero" },
  }),
  errors: [
    { args: () => [[[1]], [[1]], { p: 0.5 }], error: ArgumentError, message: /lpMeasure: p must be 1 or more.*0.5/ },
    {
      args: () => [[[1]], [[1]], { power: 0 }],
      error: ArgumentError,
      message: /lpMeasure: power must be a number above 0/,
    },
  ],
};

export const snr: OpCases = {
  name: "snrMeasure",
  run: matrixOf(snrMeasure),
  samples: metricFixtures("metric-measures", "snrMeasure", SIZES),
};
