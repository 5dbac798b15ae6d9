import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { distillationLoss } from "./distillation-loss.ts";
import { generalizedJsDivergence, reverseKlDivergence, totalVariationDistance } from "./logit-divergences.ts";

// Values: tools/fixtures/losses/distillation.py, in arbitrary precision.

const CLOSE: Partial<Sample> = {
  gradient: "what differences see of rows this close is noise",
  onnx: "float32 cannot tell the distributions apart",
};
const FAR: Partial<Sample> = { gradient: "equal rows among those far apart" };

function errors(name: string): ErrorCase[] {
  return [
    {
      args: () => [[[1, 2]], [1, 2]],
      error: ShapeError,
      message: new RegExp(`${name}: student, teacher must have the same shape.*\\[1, 2\\].*\\[2\\]`),
    },
    {
      args: () => [[[1, 2]], [[1, 2]], { temperature: 0 }],
      error: ArgumentError,
      message: new RegExp(`${name}: the temperature must be a number above 0.*0`),
    },
    {
      args: ({ bool }) => [[[1, 2]], [[1, 2]], { mask: bool([1, 1]) }],
      error: ShapeError,
      message: new RegExp(`${name}: there must be one entry of the mask for each row.*\\[2\\].*\\[1\\]`),
    },
  ];
}

export const cases: OpCases[] = [
  {
    name: "reverseKlDivergence",
    run: reverseKlDivergence,
    also: ["ReverseKlDivergenceLoss"],
    samples: fixtures("distillation", "reverseKlDivergence", {
      close: CLOSE,
      equal: CLOSE,
      "far apart": FAR,
      nothing: { onnx: "onnxruntime adds nothing twice wrongly" },
    }),
    errors: errors("reverseKlDivergence"),
  },
  {
    name: "generalizedJsDivergence",
    run: generalizedJsDivergence,
    also: ["GeneralizedJsDivergenceLoss"],
    samples: fixtures("distillation", "generalizedJsDivergence", {
      close: CLOSE,
      equal: CLOSE,
      "far apart": FAR,
      "an impossible class": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
    }),
    errors: [
      ...errors("generalizedJsDivergence"),
      {
        args: () => [[[1, 2]], [[1, 2]], { beta: 2 }],
        error: ArgumentError,
        message: /generalizedJsDivergence: beta must lie in \[0, 1\].*2/,
      },
    ],
  },
  {
    name: "totalVariationDistance",
    run: totalVariationDistance,
    also: ["TotalVariationDistanceLoss"],
    samples: fixtures("distillation", "totalVariationDistance", {
      close: CLOSE,
      equal: CLOSE,
      "far apart": FAR,
      "an impossible class": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
      "one class": { gradient: "a kink where the distributions are equal" },
    }),
    errors: errors("totalVariationDistance"),
  },
  {
    name: "distillationLoss",
    run: distillationLoss,
    also: ["DistillationLoss"],
    samples: fixtures("distillation", "distillationLoss", {
      "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
      "no rows": { onnx: "onnxruntime refuses to reshape nothing" },
    }),
    errors: [
      {
        args: ({ index }) => [[[1, 2]], [[1, 2]], index([2])],
        error: IndexOutOfRangeError,
        message: /distillationLoss: a target is not a class.*2 at position 0/,
      },
      {
        args: ({ index }) => [[[1, 2]], [[1, 2]], index([0]), { alpha: 2 }],
        error: ArgumentError,
        message: /distillationLoss: alpha must lie in \[0, 1\].*2/,
      },
    ],
  },
];
