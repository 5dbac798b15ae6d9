import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { OpCases, Sample } from "@tenon/numerics/testing";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { softDtwDivergence, softDtwLoss } from "./soft-dtw-loss.ts";

// Values: tools/fixtures/losses/transport.py, path by path in 40 digits.

const losses = [
  { name: "softDtwLoss", run: softDtwLoss, also: ["SoftDTWLoss"] },
  { name: "softDtwDivergence", run: softDtwDivergence, also: ["SoftDTWDivergenceLoss"] },
] as const;

const onlySoftDtw: Record<string, Partial<Sample>> = {
  "no alignment in the band": { gradient: "infinity" },
  "an infinite step": { gradient: "infinity" },
};

export const softDtws: OpCases[] = losses.map(({ name, run, also }) => ({
  name,
  run,
  also,
  onnx: "ONNX has no operation for a sum over all alignments",
  // Of the divergence's three terms the greater ones cancel.
  tolerance: { float64: { relative: 1e-13, absolute: 1e-13 } },
  samples: fixtures("transport", name, {
    "no series": { gradient: "0 / 0" },
    "far apart": { gradient: "differences of 1e5 squared have few digits" },
    ...(name === "softDtwLoss" && onlySoftDtw),
  }),
  errors: [
    {
      args: () => [[[1], [2]], [[1, 2]]],
      error: ShapeError,
      message: new RegExp(`${name}: input and target must be steps of one size.*\\[2, 1\\].*\\[1, 2\\]`),
    },
    {
      args: ({ tensor }) => [tensor([], { shape: [1, 0, 2] }), [[[1, 2]]]],
      error: ShapeError,
      message: new RegExp(`${name}: there must be a step in both.*\\[1, 0, 2\\]`),
    },
    {
      args: () => [[[1]], [[1]], { gamma: -1 }],
      error: ArgumentError,
      message: new RegExp(`${name}: gamma must be 0 or more.*-1`),
    },
    {
      args: () => [[[1]], [[1]], { bandwidth: -1 }],
      error: ArgumentError,
      message: new RegExp(`${name}: bandwidth must be 0 or more.*-1`),
    },
    {
      args: ({ index }) => [[[[1]]], [[[1]]], { inputLengths: index([2]) }],
      error: ArgumentError,
      message: new RegExp(`${name}: inputLengths must lie within the series.*2 at position 0.*1 to 1`),
    },
    {
      args: ({ index }) => [[[[1]]], [[[1]]], { targetLengths: index([1, 1]) }],
      error: ShapeError,
      message: new RegExp(`${name}: targetLengths must be one for each series.*\\[2\\].*\\[1\\]`),
    },
    unknownReduction(name, [[1]], [[1]]),
  ],
}));
