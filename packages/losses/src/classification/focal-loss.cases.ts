import { ArgumentError, IndexOutOfRangeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { focalLoss } from "./focal-loss.ts";

// Values: tools/fixtures/losses/focal.py, in arbitrary precision.
export const cases: OpCases = {
  name: "focalLoss",
  run: focalLoss,
  also: ["FocalLoss"],
  samples: fixtures("focal", "focalLoss", {
    "all ignored": { gradient: "0 / 0", onnx: "0 / 0" },
    "infinite logits": { gradient: "finite differences need finite logits", onnx: "infinity - infinity" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [0], { gamma: -1 }],
      plain: [1],
      error: ArgumentError,
      message: /focalLoss: gamma must be 0 or more.*-1/,
    },
    {
      args: ({ index }) => [[[1, 2]], index([2])],
      error: IndexOutOfRangeError,
      message: /focalLoss: a target is not a class.*2 at position 0.*0 to 1/,
    },
  ],
};
