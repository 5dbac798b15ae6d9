import { logSumExp, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { fenchelYoungLoss } from "./fenchel-young-loss.ts";
import { generalizedKlDivergence } from "./generalized-kl-divergence.ts";

// Values: tools/fixtures/losses/generalized-kl.py, in arbitrary precision.

export const cases: OpCases[] = [
  {
    name: "generalizedKlDivergence",
    run: generalizedKlDivergence,
    also: ["GeneralizedKlDivergenceLoss"],
    samples: fixtures("generalized-kl", "generalizedKlDivergence", {
      "targets of 0": { gradient: "the slope at a target of 0 is infinite" },
      "nearly equal": { gradient: "the slope at a target of 0 is infinite" },
      "far apart": { gradient: "too steep for differences", onnx: "float32 has no exp(80) to spare" },
      impossible: { gradient: "finite differences need finite logarithms", onnx: "infinity - infinity" },
    }),
    errors: [
      {
        args: () => [[[1, 2]], [1, 2]],
        error: ShapeError,
        message: /generalizedKlDivergence: input, target must have the same shape.*\[1, 2\].*\[2\]/,
      },
    ],
  },
  {
    name: "fenchelYoungLoss",
    run: fenchelYoungLoss("softmaxLoss", logSumExp),
    samples: fixtures("generalized-kl", "fenchelYoungLoss", {
      impossible: { gradient: "finite differences need finite scores", onnx: "infinity - infinity" },
    }),
    errors: [
      {
        args: () => [[[1, 2]], [1, 2]],
        error: ShapeError,
        message: /softmaxLoss: scores, target must have the same shape.*\[1, 2\].*\[2\]/,
      },
    ],
  },
];
