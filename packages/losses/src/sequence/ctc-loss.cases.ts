import { ArgumentError, IndexOutOfRangeError } from "@tenon/numerics";
import type { OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { ctcLoss, ctcLossWithLogits } from "./ctc-loss.ts";

// Values: tools/fixtures/losses/sequence.py, every alignment in 60 digits, and PyTorch. The finite differences of the generic suite hold the gradient of
// log-probabilities for what it is, which PyTorch's would not pass.

const infinite: Readonly<Record<string, Partial<Sample>>> = {
  impossible: { gradient: "the loss is infinite" },
  "impossible, mean": { gradient: "the loss is infinite" },
  "-Infinity": { gradient: "the loss is infinite" },
};
const X = [[[-1, -0.5]], [[-0.25, -2]]];

function errorsOf(name: string): NonNullable<OpCases["errors"]> {
  return [
    {
      args: ({ index }) => [X, index([[0]]), [2], [1]],
      error: ArgumentError,
      message: new RegExp(`${name}: the blank must not stand among the targets.*0 at position 0`),
    },
    {
      args: ({ index }) => [X, index([[1]]), [3], [1]],
      error: IndexOutOfRangeError,
      message: new RegExp(`${name}: one of the inputLengths is out of range.*3 at position 0.*0 to 2`),
    },
    {
      args: ({ index }) => [X, index([[1]]), [2], [1], { normalize: "frames" }],
      error: ArgumentError,
      message: new RegExp(`${name}: normalize must be one of "target", "token", "batch".*"frames"`),
    },
    {
      args: ({ index }) => [X, index([[1]]), [2], [1], { reduction: "average" }],
      error: ArgumentError,
      message: new RegExp(`${name}: unknown reduction.*"average"`),
    },
  ];
}

// Gradients are differences of probabilities; in float32 they are rounded when they are stored and again when they meet the losses' own factors.
const tolerance = {
  float32: { relative: 2.4e-7, absolute: 1e-15 },
  float64: { relative: 1e-13, absolute: 1e-14 },
};
const onnx = "ONNX has no operation for a sum over all alignments";

export const ctcCases: OpCases = {
  name: "ctcLoss",
  run: ctcLoss,
  also: ["CTCLoss"],
  onnx,
  plain: [2, 3],
  tolerance,
  samples: fixtures("sequence", "ctcLoss", infinite),
  errors: errorsOf("ctcLoss"),
};

export const ctcWithLogitsCases: OpCases = {
  name: "ctcLossWithLogits",
  run: ctcLossWithLogits,
  also: ["CTCWithLogitsLoss"],
  onnx,
  plain: [2, 3],
  tolerance,
  samples: fixtures("sequence", "ctcLossWithLogits", {
    ...infinite,
    "+Infinity": { gradient: "finite differences meet infinity" },
  }),
  errors: errorsOf("ctcLossWithLogits"),
};
