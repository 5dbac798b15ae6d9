import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { badOption, pairErrors } from "../testing/metric-samples.ts";
import { adaFaceLoss } from "./ada-face-loss.ts";
import { pnpLoss, smoothApLoss } from "./average-precision-losses.ts";
import { curricularFaceLoss } from "./curricular-face-loss.ts";
import { dynamicSoftMarginLoss } from "./dynamic-soft-margin-loss.ts";
import { magFaceLoss } from "./mag-face-loss.ts";
import { lpMeasure } from "./measure.ts";
import { p2sGradLoss } from "./p2s-grad-loss.ts";
import { thresholdConsistentMarginLoss } from "./threshold-consistent-margin-loss.ts";

// Values: tools/fixtures/losses/metric-extra.py, in 40 digits.

const nothing: Partial<Sample> = { gradient: "0 / 0", onnx: "a graph of no rows" };

export const threshold: OpCases = {
  name: "thresholdConsistentMarginLoss",
  run: thresholdConsistentMarginLoss,
  also: ["ThresholdConsistentMarginLoss"],
  samples: fixtures("metric-extra", "thresholdConsistentMarginLoss", {
    "all beyond the margins": { gradient: "a kink beside" },
    nothing,
  }),
  errors: [
    ...pairErrors("thresholdConsistentMarginLoss"),
    badOption({ positiveWeight: -1 }, /thresholdConsistentMarginLoss: positiveWeight must be 0 or more.*-1/),
    badOption({ negativeWeight: -1 }, /thresholdConsistentMarginLoss: negativeWeight must be 0 or more.*-1/),
    badOption({ distance: lpMeasure() }, /thresholdConsistentMarginLoss: distance must be a similarity.*L2 distance/),
  ],
};

export const smoothAp: OpCases = {
  name: "smoothApLoss",
  run: smoothApLoss,
  also: ["SmoothAPLoss"],
  tolerance: { float64: 1e-12 },
  samples: fixtures("metric-extra", "smoothApLoss", {
    "default temperature": { secondGradient: "bends of 1e4", onnx: "similarities over 0.01 in float32" },
    nothing,
  }),
  errors: [
    ...pairErrors("smoothApLoss"),
    badOption({ temperature: 0 }, /smoothApLoss: temperature must be a number above 0.*0/),
  ],
};

export const pnp: OpCases = {
  name: "pnpLoss",
  run: pnpLoss,
  also: ["PNPLoss"],
  tolerance: { float64: 1e-12 },
  samples: fixtures("metric-extra", "pnpLoss", {
    "default temperature": { secondGradient: "bends of 1e4", onnx: "similarities over 0.01 in float32" },
    "nearly right, variant Ib": { onnx: "b R - log(1 + b R) cancels in float32" },
  }),
  errors: [
    ...pairErrors("pnpLoss"),
    badOption({ variant: "X" }, /pnpLoss: variant must be one of "O", "Iu", "Ib", "Ds", "Dq".*"X"/),
    badOption({ alpha: 0 }, /pnpLoss: alpha must be a number above 0.*0/),
    badOption({ b: 0 }, /pnpLoss: b must be a number above 0.*0/),
    badOption({ temperature: 0 }, /pnpLoss: temperature must be a number above 0.*0/),
  ],
};

const ALL_TRIPLETS = "a graph has a place for every triplet";
const HELD = { gradient: "the weights are constants to the gradient" };

export const dynamic: OpCases = {
  name: "dynamicSoftMarginLoss",
  run: dynamicSoftMarginLoss,
  also: ["DynamicSoftMarginLoss"],
  tolerance: { float64: 1e-13 },
  samples: fixtures("metric-extra", "dynamicSoftMarginLoss", {
    mean: HELD,
    triplets: { ...HELD, onnx: ALL_TRIPLETS },
    "4 bins": HELD,
    "as wrong as can be": { ...HELD, onnx: ALL_TRIPLETS },
    nothing,
  }),
  errors: [
    ...pairErrors("dynamicSoftMarginLoss"),
    badOption({ bins: 0 }, /dynamicSoftMarginLoss: bins must be a whole number above 0.*0/),
    badOption({ distance: lpMeasure() }, /dynamicSoftMarginLoss: distance must be left out.*L2 distance/),
  ],
};

const WEIGHT = [
  [1, 0],
  [0, 1],
];

function classErrors(name: string, options: readonly (readonly [object, RegExp])[]): ErrorCase[] {
  return [
    {
      args: ({ index }) => [[[1, 2]], index([2]), WEIGHT],
      error: IndexOutOfRangeError,
      message: new RegExp(`${name}: a target is not a class.*2 at position 0.*0 to 1`),
    },
    {
      args: ({ index }) => [[[1, 2, 3]], index([0]), WEIGHT],
      error: ShapeError,
      message: new RegExp(`${name}: the weight must have one vector for each class`),
    },
    ...options.map(
      ([own, message]): ErrorCase => ({
        args: ({ index }) => [[[1, 2]], index([0]), WEIGHT, own],
        error: ArgumentError,
        message,
      }),
    ),
  ];
}

const SINE = "the sine has a kink where embeddings have the direction of their class";

export const p2sGrad: OpCases = {
  name: "p2sGradLoss",
  run: p2sGradLoss,
  also: ["P2SGradLoss"],
  tolerance: { float64: 1e-13 },
  samples: fixtures("metric-extra", "p2sGradLoss", {
    "near its class, any size": { gradient: "sizes that differences do not move", onnx: "1e40 in float32" },
    "a zero vector": { gradient: "the direction of a vector jumps at zero" },
    nothing,
  }),
  errors: classErrors("p2sGradLoss", []),
};

export const magFace: OpCases = {
  name: "magFaceLoss",
  run: magFaceLoss,
  also: ["MagFaceLoss"],
  tolerance: { float64: 1e-12 },
  samples: fixtures("metric-extra", "magFaceLoss", { "on its class and opposite": { gradient: SINE }, nothing }),
  errors: classErrors("magFaceLoss", [
    [{ lowerMagnitude: 0 }, /magFaceLoss: lowerMagnitude must be a number above 0.*0/],
    [{ upperMagnitude: 5 }, /magFaceLoss: upperMagnitude must be above the lower one.*5/],
    [{ lowerMargin: 1 }, /magFaceLoss: margins must be angles from 0 to pi that grow.*1, 0\.8/],
    [{ regularization: -1 }, /magFaceLoss: regularization must be 0 or more.*-1/],
    [{ scale: 0 }, /magFaceLoss: scale must be a number above 0.*0/],
  ]),
};

const QUALITY = "the quality is a constant to the gradient";

export const adaFace: OpCases = {
  name: "adaFaceLoss",
  run: adaFaceLoss,
  also: ["AdaFaceLoss"],
  tolerance: { float64: 1e-12 },
  samples: fixtures("metric-extra", "adaFaceLoss", { "*": { gradient: QUALITY }, nothing }),
  errors: classErrors("adaFaceLoss", [
    [{ margin: 4 }, /adaFaceLoss: margin must be an angle from 0 to pi.*4/],
    [{ concentration: -1 }, /adaFaceLoss: concentration must be 0 or more.*-1/],
    [{ scale: 0 }, /adaFaceLoss: scale must be a number above 0.*0/],
    [{ norms: { mean: 1, deviation: 0 } }, /adaFaceLoss: norms\.deviation must be a number above 0.*0/],
  ]),
};

export const curricularFace: OpCases = {
  name: "curricularFaceLoss",
  run: curricularFaceLoss,
  also: ["CurricularFaceLoss"],
  tolerance: { float64: 1e-12 },
  samples: fixtures("metric-extra", "curricularFaceLoss", { "on its class": { gradient: SINE }, nothing }),
  errors: classErrors("curricularFaceLoss", [
    [{ margin: 4 }, /curricularFaceLoss: margin must be an angle from 0 to pi.*4/],
    [{ scale: 0 }, /curricularFaceLoss: scale must be a number above 0.*0/],
    [{ stage: 2 }, /curricularFaceLoss: stage must be from -1 to 1.*2/],
  ]),
};
