import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases, Sample } from "@tenon/numerics/testing";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { coralLoss } from "./coral-loss.ts";
import { cornLoss } from "./corn-loss.ts";
import { cumulativeLinkLoss } from "./cumulative-link-loss.ts";

// Values: tools/fixtures/losses/ordinal.py, in 50 digits.

const infinite: Partial<Sample> = { gradient: "finite differences need finite logits", onnx: "infinity - infinity" };

const questions = [
  { name: "coralLoss", run: coralLoss, also: ["CoralLoss"] },
  { name: "cornLoss", run: cornLoss, also: ["CornLoss"] },
] as const;

export const rows: OpCases[] = questions.map(({ name, run, also }) => ({
  name,
  run,
  also,
  samples: fixtures("ordinal", name, {
    saturated: { gradient: "differences of 1e4 have no digits left" },
    "infinite logits": infinite,
    "ignored rows": infinite,
    nothing: { gradient: "0 / 0", onnx: "0 / 0" },
    "one class": { onnx: "empty" },
  }),
  errors: [
    {
      args: ({ index }) => [[[1, 2]], index([3])],
      error: IndexOutOfRangeError,
      message: new RegExp(`${name}: a target is not a class.*3 at position 0.*0 to 2`),
    },
    {
      args: ({ index }) => [[[1, 2]], index([0]), { weight: [1, 2, 3] }],
      error: ShapeError,
      message: new RegExp(`${name}: there must be one weight for each question.*\\[3\\].*\\[2\\]`),
    },
    {
      args: ({ index }) => [[[1, 2]], index([0]), { sampleWeight: [1, 2] }],
      error: ShapeError,
      message: new RegExp(`${name}: there must be one sample weight for each target.*\\[2\\].*\\[1\\]`),
    },
    unknownReduction(name, [[1, 2]], [0]),
  ],
}));

export const link: OpCases = {
  name: "cumulativeLinkLoss",
  run: cumulativeLinkLoss,
  also: ["CumulativeLinkLoss"],
  samples: fixtures("ordinal", "cumulativeLinkLoss", {
    saturated: { gradient: "differences of 1e4 have no digits left" },
    "thin classes": { gradient: "classes far below the step of differences", onnx: "1 - e^-1e-30 is 0 in float32" },
    "infinite inputs": infinite,
    "ignored rows": infinite,
    "an empty class": { gradient: "infinity", onnx: "infinity" },
    "one class": { onnx: "empty" },
    nothing: { gradient: "0 / 0", onnx: "0 / 0" },
  }),
  errors: [
    {
      args: ({ index }) => [[1], index([3]), [0, 1]],
      error: IndexOutOfRangeError,
      message: /cumulativeLinkLoss: a target is not a class.*3 at position 0.*0 to 2/,
    },
    {
      args: ({ index }) => [[1], index([0]), [1, 0]],
      error: ArgumentError,
      message: /cumulativeLinkLoss: thresholds must ascend.*1, then 0 at position 1/,
    },
    {
      args: ({ index }) => [[1], index([0]), [[1, 2]]],
      error: ShapeError,
      message: /cumulativeLinkLoss: thresholds must be a vector.*\[1, 2\]/,
    },
    {
      args: ({ index }) => [[1, 2], index([0]), [1, 2]],
      error: ShapeError,
      message: /cumulativeLinkLoss: there must be one class index for each row/,
    },
  ],
};
