import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { sinkhornDivergence } from "./sinkhorn-divergence.ts";

// Values: tools/fixtures/losses/transport.py, from the conditions that hold at the minimum, in 40 digits.

const P1 = "distances of a point to itself: a kink";

export const cases: OpCases = {
  name: "sinkhornDivergence",
  run: sinkhornDivergence,
  also: ["SinkhornDivergenceLoss"],
  onnx: "ONNX has no operation that iterates until it has converged",
  // The three costs, far greater than what they leave, cancel.
  tolerance: { float64: { relative: 1e-12, absolute: 1e-13 } },
  samples: fixtures("transport", "sinkhornDivergence", {
    "p 1": { gradient: P1 },
    "equal sets": { tolerance: { float32: { absolute: 1e-14 }, float64: { absolute: 1e-14 } } },
    "a shift, small blur": { tolerance: { gradient: { relative: 1e-5, absolute: 1e-6 } } },
    "a weight of 0": { gradient: "weights below 0 have no meaning" },
    "far apart": { gradient: "differences of 1e6 have few digits" },
    "no sets": { gradient: "0 / 0" },
  }),
  errors: [
    {
      args: () => [[[1], [2]], [[1, 2]]],
      error: ShapeError,
      message: /sinkhornDivergence: input and target must be points of one size.*\[2, 1\].*\[1, 2\]/,
    },
    {
      args: ({ tensor }) => [tensor([], { shape: [0, 2] }), [[1, 2]]],
      error: ShapeError,
      message: /sinkhornDivergence: there must be a point in both.*\[0, 2\]/,
    },
    {
      args: () => [[[1]], [[1]], { inputWeight: [1, 2] }],
      error: ShapeError,
      message: /sinkhornDivergence: inputWeight must be one for each point.*\[2\].*\[1\]/,
    },
    { args: () => [[[1]], [[1]], { p: 3 }], error: ArgumentError, message: /sinkhornDivergence: p must be one of.*3/ },
    {
      args: () => [[[1]], [[1]], { blur: 0 }],
      error: ArgumentError,
      message: /sinkhornDivergence: blur must be a number above 0.*0/,
    },
    {
      args: () => [[[1]], [[1]], { maxIterations: 0 }],
      error: ArgumentError,
      message: /sinkhornDivergence: maxIterations must be a whole number from 1 on.*0/,
    },
    unknownReduction("sinkhornDivergence", [[1]], [[1]]),
  ],
};
