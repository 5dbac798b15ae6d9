import { ArgumentError, ShapeError, zeros } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { rnntLoss } from "./rnnt-loss.ts";

// Values: tools/fixtures/losses/sequence.py, every alignment in 60 digits.
export const rnntCases: OpCases = {
  name: "rnntLoss",
  run: rnntLoss,
  also: ["RNNTLoss"],
  onnx: "ONNX has no operation for a sum over all alignments",
  plain: [2, 3],
  // Gradients are differences of probabilities; in float32 they are rounded when they are stored and again when they meet the losses' own factors.
  tolerance: { float32: { relative: 2.4e-7, absolute: 1e-15 }, float64: { relative: 1e-13, absolute: 1e-14 } },
  samples: [
    ...fixtures("sequence", "rnntLoss", {
      clamped: { gradient: "clamped" },
      "-Infinity": { gradient: "finite differences meet infinity" },
      "no frames": { gradient: "the loss is infinite" },
    }),
    {
      name: "no samples",
      args: ({ tensor, index }) => [
        tensor([], { shape: [0, 2, 2, 3] }),
        zeros([0, 1], { dtype: "int64" }),
        index([]),
        index([]),
        { reduction: "none" },
      ],
      shape: [0],
    },
  ],
  errors: [
    {
      args: ({ index }) => [[[[[0, 0]]]], index([[1]]), [1], [1]],
      error: ShapeError,
      message: /rnntLoss: the input needs one more position than there are targets.*\[1, 1\].*\[1, 1, 1, 2\].*\[1, 0\]/,
    },
    {
      args: ({ index }) => [
        [
          [
            [
              [0, 0],
              [0, 0],
            ],
          ],
        ],
        index([[1]]),
        [1],
        [1],
      ],
      error: ArgumentError,
      message: /rnntLoss: the blank must not stand among the targets.*1 at position 0/,
    },
    {
      args: ({ index }) => [[[[[0, 0]]]], index([[]]).reshape([1, 0]), [1], [0], { normalize: "frames" }],
      error: ArgumentError,
      message: /rnntLoss: normalize must be one of "target", "token", "batch".*"frames"/,
    },
  ],
};
