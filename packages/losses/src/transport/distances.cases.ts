import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { coralAlignmentLoss } from "./coral-alignment-loss.ts";
import { earthMoversDistance } from "./earth-movers-distance.ts";
import { maximumMeanDiscrepancy } from "./maximum-mean-discrepancy.ts";
import { wasserstein1dLoss } from "./wasserstein-1d-loss.ts";

// Values: tools/fixtures/losses/transport.py.

const nothing = { gradient: "0 / 0", onnx: "0 / 0" };
const infinite = { gradient: "finite differences need finite inputs", onnx: "infinity - infinity" };

export const discrepancy: OpCases = {
  name: "maximumMeanDiscrepancy",
  run: maximumMeanDiscrepancy,
  also: ["MaximumMeanDiscrepancyLoss"],
  // Three means of like size are added and subtracted.
  tolerance: { float64: { relative: 1e-13, absolute: 1e-15 } },
  samples: fixtures("transport", "maximumMeanDiscrepancy", {
    "a wide kernel": {
      // 5e-9 is left of means of 1e-8.
      tolerance: { float64: { relative: 1e-12 } },
      gradient: "of 1e-9",
      onnx: "e^-1e-8 - 1 is 0 in float32",
    },
    "far apart": { gradient: "constant" },
    "equal sets": { tolerance: { float32: { absolute: 1e-15 }, float64: { absolute: 1e-15 } } },
    "no sets": nothing,
  }),
  errors: [
    {
      args: () => [[[1], [2]], [[1, 2]]],
      error: ShapeError,
      message: /maximumMeanDiscrepancy: input and target must be points of one size.*\[2, 1\].*\[1, 2\]/,
    },
    {
      args: () => [[[1]], [[1]], { sigma: 0 }],
      error: ArgumentError,
      message: /maximumMeanDiscrepancy: sigma must be a number above 0.*0/,
    },
    {
      args: () => [[[1]], [[1]], { sigma: [] }],
      error: ArgumentError,
      message: /maximumMeanDiscrepancy: sigma must be a number or several/,
    },
    {
      args: () => [[[1]], [[1]], { unbiased: true }],
      error: ArgumentError,
      message: /maximumMeanDiscrepancy: unbiased must be false for a single point/,
    },
    unknownReduction("maximumMeanDiscrepancy", [[1]], [[1]]),
  ],
};

export const wasserstein: OpCases = {
  name: "wasserstein1dLoss",
  run: wasserstein1dLoss,
  also: ["Wasserstein1dLoss"],
  samples: fixtures("transport", "wasserstein1dLoss", {
    "equal samples with ties": { gradient: "a kink" },
    "an infinite point": infinite,
    "far and near": { gradient: "differences of 1e4 have few digits" },
    "no samples": nothing,
  }),
  errors: [
    {
      args: () => [[[1, 2]], [1, 2]],
      error: ShapeError,
      message: /wasserstein1dLoss: input and target must be samples in batches of one shape.*\[1, 2\].*\[2\]/,
    },
    {
      args: ({ tensor }) => [tensor([], { shape: [2, 0] }), [[1], [2]]],
      error: ShapeError,
      message: /wasserstein1dLoss: input and target must be samples/,
    },
    {
      args: () => [[1], [1], { p: 0.5 }],
      error: ArgumentError,
      message: /wasserstein1dLoss: p must be 1 or more.*0\.5/,
    },
    unknownReduction("wasserstein1dLoss", [1], [1]),
  ],
};

const kink = { gradient: "running sums that meet: a kink" };

export const earth: OpCases = {
  name: "earthMoversDistance",
  run: earthMoversDistance,
  also: ["EarthMoversDistanceLoss"],
  samples: fixtures("transport", "earthMoversDistance", {
    mean: kink,
    rows: kink,
    equal: kink,
    "one bin": kink,
    "bins first, p 1.5": { gradient: "the last running sum is 0: a kink of the derivative" },
    saturated: { gradient: "differences of 1e4 have few digits" },
    nothing,
  }),
  errors: [
    {
      args: () => [[[1, 0]], [1, 0]],
      error: ShapeError,
      message: /earthMoversDistance: input, target must have the same shape.*\[1, 2\].*\[2\]/,
    },
    {
      args: () => [[1], [1], { p: 0 }],
      error: ArgumentError,
      message: /earthMoversDistance: p must be 1 or more.*0/,
    },
    unknownReduction("earthMoversDistance", [1], [1]),
  ],
};

export const coral: OpCases = {
  name: "coralAlignmentLoss",
  run: coralAlignmentLoss,
  also: ["CoralAlignmentLoss"],
  tolerance: { float64: 1e-13 },
  samples: fixtures("transport", "coralAlignmentLoss", {
    "far from 0": { gradient: "differences of 1e3 have few digits", onnx: "the centred features in float32" },
    equal: { gradient: "0" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [[1, 2]]],
      error: ShapeError,
      message: /coralAlignmentLoss: input and target must be two rows of features or more.*\[1, 2\]/,
    },
    {
      args: () => [
        [[1], [2]],
        [
          [1, 2],
          [3, 4],
        ],
      ],
      error: ShapeError,
      message: /coralAlignmentLoss: input and target must be/,
    },
    unknownReduction("coralAlignmentLoss", [[1], [2]], [[1], [2]]),
  ],
};
