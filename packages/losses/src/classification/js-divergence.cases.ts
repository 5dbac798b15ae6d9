import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { augMixLoss, jensenShannonConsistencyLoss, jensenShannonLoss } from "./js-divergence.ts";

// Values and gradients: tools/fixtures/losses/js-divergence.py, in 150 digits.

export const two: OpCases = {
  name: "jensenShannonLoss",
  run: jensenShannonLoss,
  also: ["JensenShannonLoss"],
  samples: fixtures("js-divergence", "jensenShannonLoss", {
    "classes without probability": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
    "no rows": { gradient: "0 / 0", onnx: "empty" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [[1, 2, 3]]],
      error: ShapeError,
      message: /jensenShannonLoss: input, target must have the same shape.*\[1, 2\].*\[1, 3\]/,
    },
    {
      args: () => [[[1, 2]], [[1, 2]], { weights: [1, -1] }],
      error: ArgumentError,
      message: /there must be one weight for each distribution.*\[1, -1\].*2 numbers of 0 or more, not all 0/,
    },
  ],
};

export const several: OpCases = {
  name: "jensenShannonConsistencyLoss",
  run: jensenShannonConsistencyLoss,
  also: ["JensenShannonConsistencyLoss"],
  samples: fixtures("js-divergence", "jensenShannonConsistencyLoss"),
  errors: [
    {
      args: () => [[1, 2]],
      error: ShapeError,
      message: /the views must be stacked in the first dimension.*\[2\].*\[V, N, C\]/,
    },
    {
      args: () => [[[[1, 2]]], { weights: [1, 1] }],
      error: ArgumentError,
      message: /there must be one weight for each distribution/,
    },
  ],
};

export const augMix: OpCases = {
  name: "augMixLoss",
  run: augMixLoss,
  also: ["AugMixLoss"],
  samples: fixtures("js-divergence", "augMixLoss"),
  errors: [
    {
      args: ({ index }) => [[[[1, 2]], [[1, 2]]], index([2])],
      error: IndexOutOfRangeError,
      message: /augMixLoss: a target is not a class.*2 at position 0/,
    },
    { args: ({ index }) => [1, index(0)], error: ShapeError, message: /augMixLoss: the views must be stacked/ },
  ],
};
