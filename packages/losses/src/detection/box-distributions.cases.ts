import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { OpCases, Sample } from "@tenon/numerics/testing";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { distributionFocalLoss } from "./distribution-focal-loss.ts";
import { siouLoss } from "./siou-loss.ts";

// Values: tools/fixtures/losses/box-distributions.py.

export const distribution: OpCases = {
  name: "distributionFocalLoss",
  run: distributionFocalLoss,
  also: ["DistributionFocalLoss"],
  samples: fixtures("box-distributions", "distributionFocalLoss", {
    "rows, on bins, between and in the middle": { gradient: "targets on bins: a kink" },
    saturated: { gradient: "differences of 1e4 have no digits left" },
    "infinite logits": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
    "one bin": { gradient: "the target has no room" },
    nothing: { gradient: "0 / 0", onnx: "0 / 0" },
  }),
  errors: [
    {
      args: () => [[[1, 2, 3]], [2.5]],
      error: ArgumentError,
      message: /distributionFocalLoss: a target lies outside the bins.*2\.5 at position 0.*0 to 2/,
    },
    {
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
        [0.5, Number.NaN],
      ],
      error: ArgumentError,
      message: /distributionFocalLoss: a target lies outside the bins.*NaN at position 1/,
    },
    {
      args: () => [[[1, 2, 3]], [[1]]],
      error: ShapeError,
      message: /distributionFocalLoss: there must be one target for each row of bins.*\[1, 3\].*\[1, 1\].*\[1\].*dim/,
    },
    unknownReduction("distributionFocalLoss", [[1, 2]], [0.5]),
  ],
};

const corners: Partial<Sample> = {
  gradient: "corners that meet, and boxes without area: kinks",
  onnx: "areas of 1e40 overflow float32",
};

export const siou: OpCases = {
  name: "siouLoss",
  run: siouLoss,
  also: ["SiouLoss"],
  samples: fixtures("box-distributions", "siouLoss", {
    extremes: corners,
    "extremes without eps": corners,
    "equal points": { gradient: "a kink", secondGradient: "a kink" },
    nothing: { onnx: "empty" },
  }),
  errors: [
    {
      args: () => [[[0, 0, 1, 1]], [[0, 0, 1]]],
      error: ShapeError,
      message: /siouLoss: there must be pairs of boxes.*\[1, 4\].*\[1, 3\]/,
    },
    {
      args: () => [[[0, 0, 1, 1]], [[0, 0, 1, 1]], { theta: 0 }],
      error: ArgumentError,
      message: /siouLoss: theta must be a number above 0.*0/,
    },
    {
      args: () => [[[0, 0, 1, 1]], [[0, 0, 1, 1]], { format: "yxyx" }],
      error: ArgumentError,
      message: /siouLoss: format must be one of .*"yxyx"/,
    },
  ],
};
