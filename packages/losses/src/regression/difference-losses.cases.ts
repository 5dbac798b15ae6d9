import { ArgumentError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { stretches, unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { huberLoss } from "./huber-loss.ts";
import { l1Loss } from "./l1-loss.ts";
import { mseLoss } from "./mse-loss.ts";
import { smoothL1Loss } from "./smooth-l1-loss.ts";

// Values and gradients: tools/fixtures/losses/pytorch.py.

const NOTHING = { nothing: { gradient: "0 / 0", onnx: "0 / 0" } };
const KINK = { "all equal": { gradient: "a kink" } };
const CORNERS = { "far out": { gradient: "as large as the step of differences at 1e4 and 1e-20" } };

export const mse: OpCases = {
  name: "mseLoss",
  run: mseLoss,
  also: ["MSELoss"],
  samples: fixtures("pytorch", "mseLoss", { ...NOTHING, ...CORNERS }),
  errors: [stretches, unknownReduction("mseLoss", [1], [1])],
};

export const l1: OpCases = {
  name: "l1Loss",
  run: l1Loss,
  also: ["L1Loss"],
  secondGradient: "piecewise linear",
  samples: fixtures("pytorch", "l1Loss", { ...NOTHING, ...KINK, ...CORNERS }),
  errors: [stretches],
};

export const smoothL1: OpCases = {
  name: "smoothL1Loss",
  run: smoothL1Loss,
  also: ["SmoothL1Loss"],
  samples: fixtures("pytorch", "smoothL1Loss", { ...NOTHING, ...CORNERS }),
  errors: [
    stretches,
    { args: () => [[1], [2], { beta: -1 }], plain: [2], error: ArgumentError, message: /beta must be 0 or more.*-1/ },
  ],
};

export const huber: OpCases = {
  name: "huberLoss",
  run: huberLoss,
  also: ["HuberLoss"],
  samples: fixtures("pytorch", "huberLoss", { ...NOTHING, ...CORNERS }),
  errors: [
    {
      args: () => [[1], [2], { delta: 0 }],
      error: ArgumentError,
      message: /huberLoss: delta must be a number above 0.*0/,
    },
  ],
};
