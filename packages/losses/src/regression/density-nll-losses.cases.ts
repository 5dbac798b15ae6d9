import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { stretches, unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { negativeBinomialNllLoss } from "./count-nll-losses.ts";
import { gammaNllLoss, logNormalNllLoss, studentTNllLoss } from "./density-nll-losses.ts";
import { tweedieLoss } from "./tweedie-loss.ts";

// Values: tools/fixtures/losses/likelihood.py, in arbitrary precision.

const noGamma = "ONNX has no gamma function";
const edge = { gradient: "the edge of the domain", onnx: "infinities, of which float32 has more" };

function doNotFit(name: string, more: readonly unknown[] = []): ErrorCase {
  return {
    args: () => [[[1], [2]], [1, 2], [1, 1], ...more],
    error: ShapeError,
    message: new RegExp(`${name}: the shapes would stretch each other.*input \\[2, 1\\], target \\[2\\]`),
  };
}

export const tweedie: OpCases = {
  name: "tweedieLoss",
  run: tweedieLoss,
  also: ["TweedieLoss"],
  samples: fixtures("likelihood", "tweedieLoss", {
    ...Object.fromEntries(
      ["power 1", "power 1.5", "power 2", "deviance 1", "deviance 1.5", "deviance 2"].map((what) => [
        `extremes, ${what}`,
        edge,
      ]),
    ),
    ...Object.fromEntries(
      // A float64 logarithm of m / t: its last digit is 1e-16 of a distance of 1e-7, squared.
      ["1", "1.5", "2"].map((power) => [
        `nearly equal, power ${power}`,
        {
          gradient: "steps of 1e-5 are larger than the distance",
          onnx: "cancels in float32",
          tolerance: { float64: 1e-6 },
        },
      ]),
    ),
    "targets of 0, power 1": { gradient: "the derivative by a target of 0 is infinite" },
    "targets of 0, power 1.5": { gradient: "the derivative by a target of 0 is infinite" },
  }),
  errors: [
    stretches,
    {
      args: () => [[1], [1], { power: 3 }],
      error: ArgumentError,
      message: /tweedieLoss: power must lie between 1 and 2.*3/,
    },
    {
      args: () => [[1], [-1], { checkTarget: true }],
      error: ArgumentError,
      message: /tweedieLoss: a target has no meaning here.*-1 at position 0.*0 or more/,
    },
  ],
};

export const negativeBinomial: OpCases = {
  name: "negativeBinomialNllLoss",
  run: negativeBinomialNllLoss,
  also: ["NegativeBinomialNLLLoss"],
  onnx: noGamma,
  samples: fixtures("likelihood", "negativeBinomialNllLoss", {
    "nearly Poisson": { gradient: "a dispersion of 0 is the edge of the domain" },
    "infinite logarithms": { gradient: "finite differences need finite inputs" },
  }),
  errors: [doNotFit("negativeBinomialNllLoss"), unknownReduction("negativeBinomialNllLoss", [1], [1])].map((row) => ({
    ...row,
    args: (make) => [...row.args(make).slice(0, 2), [1], ...row.args(make).slice(-1)],
  })),
};

export const logNormal: OpCases = {
  name: "logNormalNllLoss",
  run: logNormalNllLoss,
  also: ["LogNormalNLLLoss"],
  samples: fixtures("likelihood", "logNormalNllLoss", {
    extremes: { gradient: "a step of 1e-5 is more than the target" },
    nothing: { gradient: "0 / 0", onnx: "empty" },
  }),
  errors: [doNotFit("logNormalNllLoss")],
};

export const gamma: OpCases = {
  name: "gammaNllLoss",
  run: gammaNllLoss,
  also: ["GammaNLLLoss"],
  onnx: noGamma,
  samples: fixtures("likelihood", "gammaNllLoss", { "targets of 0": { gradient: "the edge of the domain" } }),
  errors: [doNotFit("gammaNllLoss")],
};

export const studentT: OpCases = {
  name: "studentTNllLoss",
  run: studentTNllLoss,
  also: ["StudentTNLLLoss"],
  onnx: noGamma,
  samples: fixtures("likelihood", "studentTNllLoss", {
    "heavy and light tails": { gradient: "finite differences need moderate inputs" },
  }),
  errors: [doNotFit("studentTNllLoss", [[3, 3]])],
};
