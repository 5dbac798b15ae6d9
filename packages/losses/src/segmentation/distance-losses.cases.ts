import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { boundaryLoss } from "./boundary-loss.ts";
import { clDiceLoss } from "./cl-dice-loss.ts";
import { signedDistanceMap } from "./distance-maps.ts";
import { hausdorffDistanceLoss, hausdorffErosionLoss } from "./hausdorff-losses.ts";
import { softSkeleton } from "./soft-skeleton.ts";

// Values: tools/fixtures/losses/segmentation_distance.py; distances, erosions and dilations are SciPy's.
const FILE = "segmentation-distance";
const tolerance = { float64: 1e-12 };
const readsValues = "it computes distances, which ONNX has no operation for";

export const hausdorffDistance: OpCases = {
  name: "hausdorffDistanceLoss",
  run: hausdorffDistanceLoss,
  also: ["HausdorffDistanceLoss"],
  tolerance,
  samples: fixtures(FILE, "hausdorffDistanceLoss").map((sample) =>
    sample.name?.endsWith(" given") === true ? sample : { ...sample, onnx: readsValues },
  ),
  errors: [
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 2]]),
      ],
      error: IndexOutOfRangeError,
      message: /hausdorffDistanceLoss: a target is not a class.*2 at position 1.*0 to 1/,
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { sides: "prediction" },
      ],
      error: ArgumentError,
      message: /hausdorffDistanceLoss: sides must be one of "both", "target".*"prediction"/,
    },
    {
      args: ({ index, tensor }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { targetDistance: tensor([[0, 1]]) },
      ],
      error: ShapeError,
      message: /hausdorffDistanceLoss: a map of distances needs the input's shape.*\[1, 2\]/,
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { alpha: 0 },
      ],
      error: ArgumentError,
      message: /hausdorffDistanceLoss: alpha must be a number above 0/,
    },
  ],
};

export const hausdorffErosion: OpCases = {
  name: "hausdorffErosionLoss",
  run: hausdorffErosionLoss,
  also: ["HausdorffErosionLoss"],
  tolerance,
  samples: fixtures(FILE, "hausdorffErosionLoss"),
  errors: [
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { erosions: 0 },
      ],
      error: ArgumentError,
      message: /hausdorffErosionLoss: erosions must be a whole number of 1 or more.*0/,
    },
  ],
};

export const boundary: OpCases = {
  name: "boundaryLoss",
  run: boundaryLoss,
  also: ["BoundaryLoss"],
  // The terms have both signs: what cancels is as uncertain as the greatest of them.
  tolerance: { float64: { relative: 1e-12, absolute: 1e-15 } },
  samples: fixtures(FILE, "boundaryLoss"),
  errors: [
    {
      args: ({ tensor }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        tensor([[0, 1]]),
      ],
      error: ShapeError,
      message: /boundaryLoss: the distances need the input's shape.*\[1, 2\].*\[1, 2, 2\]/,
    },
  ],
};

export const signedDistances: OpCases = {
  name: "signedDistanceMap",
  run: signedDistanceMap,
  gradient: "a function of classes",
  onnx: readsValues,
  samples: fixtures(FILE, "signedDistanceMap", {
    "*": { resultDType: "float32", tolerance: { float64: 2 ** -24 } },
  }),
  errors: [
    {
      args: ({ index }) => [index([[0, 2]]), { classes: 2 }],
      error: IndexOutOfRangeError,
      message: /signedDistanceMap: a target is not a class.*2 at position 1.*0 to 1/,
    },
    {
      args: () => [[[[0, 1]]], { spacing: [1, 2] }],
      error: ArgumentError,
      message:
        /signedDistanceMap: spacing must be above 0: one number, or 1 \(one for each spatial dimension\).*\[1,2\]/,
    },
  ],
};

export const skeleton: OpCases = {
  name: "softSkeleton",
  run: softSkeleton,
  secondGradient: "piecewise polynomial",
  samples: fixtures(FILE, "softSkeleton", { "a bar": { gradient: "a kink where neighbours are equal" } }),
  errors: [
    { args: () => [[[1, 2]]], error: ShapeError, message: /softSkeleton: there must be a spatial dimension.*\[1, 2\]/ },
    {
      args: () => [[[[1, 2]]], { iterations: -1 }],
      error: ArgumentError,
      message: /softSkeleton: iterations must be a whole number of 0 or more.*-1/,
    },
  ],
};

export const clDice: OpCases = {
  name: "clDiceLoss",
  run: clDiceLoss,
  also: ["CLDiceLoss"],
  tolerance,
  samples: fixtures(FILE, "clDiceLoss", {
    "perfect (MONAI)": { gradient: "a kink where neighbours are equal" },
  }),
  errors: [
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { alpha: 2 },
      ],
      error: ArgumentError,
      message: /clDiceLoss: alpha must be a number from 0 to 1.*2/,
    },
  ],
};
