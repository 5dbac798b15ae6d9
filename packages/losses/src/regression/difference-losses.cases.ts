import { ArgumentError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { stretches, unknownReduction } from "../testing/errors.ts";
import { T, WEIGHT, X } from "../testing/samples.ts";
import { huberLoss } from "./huber-loss.ts";
import { l1Loss } from "./l1-loss.ts";
import { mseLoss } from "./mse-loss.ts";
import { smoothL1Loss } from "./smooth-l1-loss.ts";

// Values and gradients come from PyTorch in float64: tools/fixtures/losses/pytorch.py.

export const mse: OpCases = {
  name: "mseLoss",
  run: mseLoss,
  also: ["MSELoss"],
  samples: [
    {
      args: () => [X, T],
      expect: 1.7395833333333333,
      grads: [
        [
          [-0.16666666666666666, -0.08333333333333333, 0.5],
          [-0.08333333333333333, 0.8333333333333333, 0.41666666666666663],
        ],
        [
          [0.16666666666666666, 0.08333333333333333, -0.5],
          [0.08333333333333333, -0.8333333333333333, -0.41666666666666663],
        ],
      ],
    },
    { args: () => [X, T, { reduction: "sum" }], expect: 10.4375 },
    {
      args: () => [X, T, { reduction: "none" }],
      expect: [
        [0.25, 0.0625, 2.25],
        [0.0625, 6.25, 1.5625],
      ],
    },
    { name: "weights", args: () => [X, T, { weight: WEIGHT, reduction: "sum" }], expect: 0.3125 + 12.625 + 1.90625 },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0] }), tensor([], { shape: [0] })],
      expect: Number.NaN,
      gradient: "0 / 0",
      onnx: "empty",
    },
  ],
  errors: [stretches, unknownReduction("mseLoss", [1], [1])],
};

export const l1: OpCases = {
  name: "l1Loss",
  run: l1Loss,
  also: ["L1Loss"],
  secondGradient: "piecewise linear",
  samples: [{ args: () => [X, T], expect: 1.0416666666666667 }],
  errors: [stretches],
};

export const smoothL1: OpCases = {
  name: "smoothL1Loss",
  run: smoothL1Loss,
  also: ["SmoothL1Loss"],
  secondGradient: "the second derivative jumps where |d| = beta, as it does here",
  samples: [{ args: () => [X, T, { beta: 0.5 }], expect: 0.8125, gradient: "a kink of the slope at |d| = beta" }],
  errors: [stretches],
};

export const huber: OpCases = {
  name: "huberLoss",
  run: huberLoss,
  also: ["HuberLoss"],
  secondGradient: "the second derivative jumps where |d| = delta",
  samples: [{ args: () => [X, T, { delta: 0.75 }], expect: 0.546875, gradient: "a kink of the slope at |d| = delta" }],
  errors: [{ args: () => [X, T, { delta: 0 }], error: ArgumentError, message: /delta/ }],
};
