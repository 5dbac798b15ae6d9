import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { stretches } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { adaptiveWingLoss, heatmapFocalLoss } from "./heatmap-losses.ts";
import { klDiscretLoss, meanPerJointPositionError, oksLoss } from "./keypoint-losses.ts";

// Values: tools/fixtures/losses/points.py.

const finite = "finite differences need finite inputs";

export const focal: OpCases = {
  name: "heatmapFocalLoss",
  run: heatmapFocalLoss,
  also: ["HeatmapFocalLoss"],
  samples: fixtures("points", "heatmapFocalLoss", {
    "mean over two centres": { gradient: "moving a target of 1 makes it none" },
    pixels: { gradient: "moving a target of 1 makes it none" },
    "other powers": { gradient: "moving a target of 1 makes it none" },
    saturated: { gradient: "moving a target of 1 makes it none" },
    "infinite logits": { gradient: finite, onnx: "infinity times 0" },
  }),
  errors: [
    {
      args: () => [[1], [1], { alpha: -1 }],
      error: ArgumentError,
      message: /heatmapFocalLoss: alpha and beta must be 0 or more.*alpha -1, beta 4/,
    },
    {
      args: () => [
        [[1], [2]],
        [1, 1],
      ],
      error: ShapeError,
      message: /heatmapFocalLoss: the shapes would stretch each other.*input \[2, 1\], target \[2\]/,
    },
  ],
};

export const wing: OpCases = {
  name: "adaptiveWingLoss",
  run: adaptiveWingLoss,
  also: ["AdaptiveWingLoss"],
  samples: fixtures("points", "adaptiveWingLoss", {
    "far, met and nearly met": { gradient: "finite differences need moderate inputs" },
    "infinite and met": { gradient: finite, onnx: "infinity" },
  }),
  errors: [
    stretches,
    {
      args: () => [[1], [1], { theta: 0 }],
      error: ArgumentError,
      message: /adaptiveWingLoss: theta must be a number above 0.*0/,
    },
  ],
};

export const position: OpCases = {
  name: "meanPerJointPositionError",
  run: meanPerJointPositionError,
  also: ["MPJPELoss"],
  samples: fixtures("points", "meanPerJointPositionError", {
    "a hidden joint without position": { gradient: "finite differences see NaN" },
    "far, met and nearly met": {
      gradient: "finite differences need moderate inputs",
      onnx: "squares overflow float32",
    },
    "no joint counts": { gradient: "0 / 0", onnx: "0 / 0" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [[1, 2, 3]]],
      error: ShapeError,
      message:
        /meanPerJointPositionError: input and target must have one shape.*\[1, 2\].*\[1, 3\].*\[\.\.\., k, d\] both/,
    },
    {
      args: () => [[[1, 2]], [[1, 2]], { mask: [1, 1] }],
      error: ShapeError,
      message: /meanPerJointPositionError: there must be one mask value for each point.*\[2\].*\[1\]/,
    },
  ],
};

export const keypoints: OpCases = {
  name: "oksLoss",
  run: oksLoss,
  also: ["OKSLoss"],
  samples: fixtures("points", "oksLoss", {
    "near and far": { gradient: finite, onnx: "e^-1e-24 - 1 in float32" },
    "an unseen point without position": { gradient: "finite differences see NaN" },
    "an object without area": { gradient: "a jump" },
  }),
  errors: [
    {
      args: () => [[[[1, 2]]], [[[1, 2]]]],
      error: ArgumentError,
      message: /oksLoss: these points have no sigmas by default.*1 points.*17 points/,
    },
    {
      args: () => [[[[1, 2]]], [[[1, 2]]], { sigmas: [1, 2] }],
      error: ShapeError,
      message: /oksLoss: there must be one sigma for each point.*\[2\].*\[1\]/,
    },
    {
      args: () => [[[[1, 2]]], [[[1, 2]]], { sigmas: [1], area: [1, 2] }],
      error: ShapeError,
      message: /oksLoss: there must be one area for each object.*\[2\].*\[1\]/,
    },
  ],
};

export const coordinates: OpCases = {
  name: "klDiscretLoss",
  run: klDiscretLoss,
  also: ["KLDiscretLoss"],
  samples: fixtures("points", "klDiscretLoss", {
    mean: { gradient: "a target of 0 is the edge of the domain" },
    "beta 2": { gradient: "a target of 0 is the edge of the domain" },
    weights: { gradient: "a target of 0 is the edge of the domain" },
    "an impossible bin and a wrong one": { gradient: finite, onnx: "infinity times 0" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [[1, 2, 3]]],
      error: ShapeError,
      message: /klDiscretLoss: input and target must have one shape.*\[1, 2\].*\[1, 3\]/,
    },
    {
      args: () => [[[1, 2]], [[1, 0]], { beta: 0 }],
      error: ArgumentError,
      message: /klDiscretLoss: beta must be a number above 0.*0/,
    },
    {
      args: () => [
        [
          [1, 2],
          [1, 2],
        ],
        [
          [1, 0],
          [1, 0],
        ],
        { weight: [[1], [2]] },
      ],
      error: ShapeError,
      message: /klDiscretLoss: there must be one weight for each coordinate.*\[2, 1\].*\[2\]/,
    },
  ],
};
