import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { completeIouLoss, distanceIouLoss, efficientIouLoss, generalizedIouLoss, iouLoss } from "./iou-losses.ts";

// Values: tools/fixtures/losses/boxes.py.

const corners = {
  gradient: "corners that meet, and boxes without area: kinks",
  onnx: "areas of 1e40 overflow float32",
};

function boxes(loss: string, all: Partial<Sample> = {}): Sample[] {
  return fixtures("boxes", loss, {
    "*": all,
    extremes: corners,
    "extremes without eps": corners,
    "equal points": { gradient: "a kink", secondGradient: "a kink" },
    nothing: { onnx: "empty" },
    "torchvision's test": { gradient: "corners that meet" },
  });
}

function refuses(name: string): ErrorCase[] {
  return [
    {
      args: () => [[[0, 0, 1, 1]], [[0, 0, 1, 1]], { format: "yxyx" }],
      error: ArgumentError,
      message: new RegExp(`${name}: format must be one of "xyxy", "xywh", "cxcywh".*"yxyx"`),
    },
    {
      args: () => [[[0, 0, 1, 1]], [[0, 0, 1, 1]], { eps: -1 }],
      error: ArgumentError,
      message: new RegExp(`${name}: eps must be a number of 0 or more.*-1`),
    },
    {
      args: () => [[[0, 0, 1, 1]], [[0, 0, 1]]],
      error: ShapeError,
      message: new RegExp(`${name}: there must be pairs of boxes.*\\[1, 4\\].*\\[1, 3\\].*\\[\\.\\.\\., 4\\]`),
    },
    {
      args: () => [
        [[[0, 0, 1, 1]], [[0, 0, 1, 1]]],
        [
          [0, 0, 1, 1],
          [0, 0, 1, 1],
        ],
      ],
      error: ShapeError,
      message: new RegExp(`${name}: there must be pairs of boxes.*\\[2, 1, 4\\].*\\[2, 4\\]`),
    },
  ];
}

export const iou: OpCases = {
  name: "iouLoss",
  run: iouLoss,
  also: ["IouLoss"],
  samples: boxes("iouLoss"),
  errors: [
    ...refuses("iouLoss"),
    {
      args: () => [[[0, 0, 1, 1]], [[0, 0, 1, 1]], { alpha: 0 }],
      error: ArgumentError,
      message: /iouLoss: alpha must be a number above 0.*0/,
    },
  ],
};

export const generalized: OpCases = {
  name: "generalizedIouLoss",
  run: generalizedIouLoss,
  also: ["GeneralizedIouLoss"],
  samples: boxes("generalizedIouLoss"),
  errors: refuses("generalizedIouLoss"),
};

export const distance: OpCases = {
  name: "distanceIouLoss",
  run: distanceIouLoss,
  also: ["DistanceIouLoss"],
  samples: boxes("distanceIouLoss"),
  errors: refuses("distanceIouLoss"),
};

export const complete: OpCases = {
  name: "completeIouLoss",
  run: completeIouLoss,
  also: ["CompleteIouLoss"],
  gradient: "alpha is a constant to the gradient and not to differences; the sample named gradient holds it still",
  samples: boxes("completeIouLoss").map((sample) =>
    // The given gradients come from differences.
    sample.name === "gradient" ? { ...sample, tolerance: { float32: 1e-6, float64: 1e-8 } } : sample,
  ),
  errors: refuses("completeIouLoss"),
};

export const efficient: OpCases = {
  name: "efficientIouLoss",
  run: efficientIouLoss,
  also: ["EfficientIouLoss"],
  samples: boxes("efficientIouLoss"),
  errors: refuses("efficientIouLoss"),
};
