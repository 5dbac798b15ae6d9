import { ArgumentError } from "@tenon/numerics";
import type { OpCases, Sample } from "@tenon/numerics/testing";
import { stretches } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { logCoshLoss } from "./log-cosh-loss.ts";
import { mapeLoss, smapeLoss } from "./mape-loss.ts";
import { msleLoss } from "./msle-loss.ts";

// Values and gradients: tools/fixtures/losses/ratios.py, in 150 digits.

// Of the losses' pages in Keras's documentation; a corner where prediction and target agree.
const kerasExample = (input: number[], target: number[], expect: number): Sample => ({
  name: "the example of Keras's documentation",
  args: () => [input, target],
  expect,
  gradient: "corners",
});

const nothing = { gradient: "0 / 0", onnx: "empty" };
const infinite = { gradient: "finite differences need finite values" };

export const logCosh: OpCases = {
  name: "logCoshLoss",
  run: logCoshLoss,
  also: ["LogCoshLoss"],
  samples: [
    kerasExample([1, 1, 0, 0], [0, 1, 0, 0], Math.log(Math.cosh(1)) / 4),
    ...fixtures("ratios", "logCoshLoss", {
      nothing,
      infinite,
      extremes: { gradient: "finite differences step over the smallest of these" },
    }),
  ],
  errors: [stretches],
};

export const msle: OpCases = {
  name: "msleLoss",
  run: msleLoss,
  also: ["MSLELoss"],
  samples: [
    kerasExample([1, 1, 1, 0], [0, 1, 0, 0], Math.LN2 ** 2 / 2),
    ...fixtures("ratios", "msleLoss", {
      nothing,
      "beyond the domain": { gradient: "not finite" },
    }),
  ],
  errors: [
    stretches,
    {
      args: () => [[1], [-1], { checkTarget: true }],
      error: ArgumentError,
      message: /msleLoss: a target has no meaning here.*-1 at position 0.*0 or more/,
    },
  ],
};

export const mape: OpCases = {
  name: "mapeLoss",
  run: mapeLoss,
  also: ["MAPELoss"],
  samples: [
    kerasExample([1, 1, 1, 0], [2, 1, 2, 3], 50),
    ...fixtures("ratios", "mapeLoss", {
      nothing,
      "targets near 0": { gradient: "corners" },
      "targets of 0, eps 0": { gradient: "corners and infinities" },
    }),
  ],
  errors: [
    stretches,
    { args: () => [[1], [1], { eps: -1 }], error: ArgumentError, message: /mapeLoss: eps must be 0 or more.*-1/ },
  ],
};

export const smape: OpCases = {
  name: "smapeLoss",
  run: smapeLoss,
  also: ["SMAPELoss"],
  samples: fixtures("ratios", "smapeLoss", {
    nothing,
    infinite: { ...infinite, onnx: "infinity / infinity" },
    extremes: { gradient: "corners" },
  }),
  errors: [stretches],
};
