import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { stretches, unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { barronLoss } from "./barron-loss.ts";
import { charbonnierLoss } from "./charbonnier-loss.ts";
import { expectileLoss } from "./expectile-loss.ts";
import { pinballLoss, quantileLoss } from "./quantile-loss.ts";
import { cauchyLoss, gemanMcClureLoss, welschLoss } from "./robust-losses.ts";
import { wingLoss } from "./wing-loss.ts";

// Values: tools/fixtures/losses/robust.py, in arbitrary precision.

function robust(loss: string): Sample[] {
  return fixtures("robust", loss).map((sample) => {
    if (!sample.name!.startsWith("extremes")) return sample;
    // Infinite, and 1e30 beside 1e-20: no finite difference, and not what float32 in onnxruntime can square.
    return { ...sample, gradient: "finite differences need moderate inputs", onnx: "1e30 squared overflows float32" };
  });
}

function refuses(name: string, options: object, text: string): ErrorCase {
  return {
    args: () => [[1], [0], options],
    error: ArgumentError,
    message: new RegExp(`${name}: ${text}`),
  };
}

export const charbonnier: OpCases = {
  name: "charbonnierLoss",
  run: charbonnierLoss,
  also: ["CharbonnierLoss"],
  samples: robust("charbonnierLoss").map((sample) =>
    sample.name === "nothing" ? { ...sample, onnx: "empty" } : sample,
  ),
  errors: [
    stretches,
    unknownReduction("charbonnierLoss", [1], [1]),
    refuses("charbonnierLoss", { eps: -1 }, "eps must be 0 or more.*-1"),
  ],
};

export const cauchy: OpCases = {
  name: "cauchyLoss",
  run: cauchyLoss,
  also: ["CauchyLoss"],
  samples: robust("cauchyLoss"),
  errors: [stretches, refuses("cauchyLoss", { scale: 0 }, "scale must be a number above 0.*0")],
};

export const gemanMcClure: OpCases = {
  name: "gemanMcClureLoss",
  run: gemanMcClureLoss,
  also: ["GemanMcClureLoss"],
  samples: robust("gemanMcClureLoss"),
  errors: [stretches, refuses("gemanMcClureLoss", { scale: -1 }, "scale must be a number above 0.*-1")],
};

export const welsch: OpCases = {
  name: "welschLoss",
  run: welschLoss,
  also: ["WelschLoss"],
  samples: robust("welschLoss"),
  errors: [stretches, refuses("welschLoss", { scale: Number.NaN }, "scale must be a number above 0.*NaN")],
};

export const barron: OpCases = {
  name: "barronLoss",
  run: barronLoss,
  also: ["BarronLoss"],
  samples: robust("barronLoss").map((sample) => {
    if (sample.name === "alphas at and near the limits") {
      return {
        ...sample,
        gradient: "no derivative by an infinite alpha",
        onnx: "2^-60 and infinite alphas in float32",
      };
    }
    const extreme = /'alpha': (-?1e|-1000|2\.0000|1\.9999|-10000)/.test(sample.name!);
    return extreme ? { onnx: "ONNX has no expm1 and log1p, which alphas so near a limit need", ...sample } : sample;
  }),
  errors: [stretches, refuses("barronLoss", { scale: 0 }, "scale must be a number above 0.*0")],
};

export const wing: OpCases = {
  name: "wingLoss",
  run: wingLoss,
  also: ["WingLoss"],
  samples: robust("wingLoss"),
  errors: [stretches, refuses("wingLoss", { epsilon: 0 }, "epsilon must be a number above 0.*0")],
};

export const pinball: OpCases = {
  name: "pinballLoss",
  run: pinballLoss,
  also: ["PinballLoss"],
  secondGradient: "piecewise linear",
  samples: robust("pinballLoss"),
  errors: [stretches, refuses("pinballLoss", { quantile: 1 }, "quantile must lie between 0 and 1.*1")],
};

export const quantile: OpCases = {
  name: "quantileLoss",
  run: quantileLoss,
  also: ["QuantileLoss"],
  secondGradient: "piecewise linear",
  samples: robust("quantileLoss"),
  errors: [
    {
      args: () => [[[1, 2]], [0], { quantiles: [0.1, 0.5, 0.9] }],
      error: ShapeError,
      message: /quantileLoss: there must be one input for each quantile.*\[1, 2\].*3 quantiles.*\[1, 3\]/,
    },
    {
      args: () => [[[1, 2]], [0], { quantiles: [0.9, 0.5], crossing: 1 }],
      error: ArgumentError,
      message: /quantileLoss: crossing needs ascending quantiles.*0\.9, 0\.5/,
    },
    {
      args: () => [[[1, 2]], [0], { quantiles: [0, 0.5] }],
      error: ArgumentError,
      message: /quantileLoss: quantiles must lie between 0 and 1.*0/,
    },
  ],
};

export const expectile: OpCases = {
  name: "expectileLoss",
  run: expectileLoss,
  also: ["ExpectileLoss"],
  samples: robust("expectileLoss"),
  errors: [stretches, refuses("expectileLoss", { expectile: -0.5 }, "expectile must lie between 0 and 1.*-0\\.5")],
};
