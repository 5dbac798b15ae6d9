import { ArgumentError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { overlapErrors } from "../testing/overlap-errors.ts";
import { focalTverskyLoss, tverskyLoss } from "./tversky-loss.ts";

// Values: tools/fixtures/losses/segmentation_overlap.py.
const FILE = "segmentation-overlap";
const tolerance = { float64: 1e-12 };

export const tversky: OpCases = {
  name: "tverskyLoss",
  run: tverskyLoss,
  also: ["TverskyLoss"],
  tolerance,
  samples: fixtures(FILE, "tverskyLoss"),
  errors: [
    ...overlapErrors("tverskyLoss"),
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { alpha: -1 },
      ],
      error: ArgumentError,
      message: /tverskyLoss: alpha and beta must be 0 or more.*alpha -1, beta 0.5/,
    },
  ],
};

export const focalTversky: OpCases = {
  name: "focalTverskyLoss",
  run: focalTverskyLoss,
  also: ["FocalTverskyLoss"],
  tolerance,
  samples: fixtures(FILE, "focalTverskyLoss", { perfect: { gradient: "a root at 0" } }),
  errors: [
    ...overlapErrors("focalTverskyLoss"),
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { gamma: 0 },
      ],
      error: ArgumentError,
      message: /focalTverskyLoss: gamma must be a number above 0.*0/,
    },
  ],
};
