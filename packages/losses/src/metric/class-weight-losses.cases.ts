import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { metricFixtures } from "../testing/metric-samples.ts";
import { arcFaceLoss, subCenterArcFaceLoss } from "./arc-face-loss.ts";
import { cosFaceLoss, normalizedSoftmaxLoss } from "./cos-face-loss.ts";
import { proxyAnchorLoss } from "./proxy-anchor-loss.ts";
import { proxyNcaLoss } from "./proxy-nca-loss.ts";
import { softTripleLoss, softTripleRegularizer } from "./soft-triple-loss.ts";
import { largeMarginSoftmaxLoss, sphereFaceLoss } from "./sphere-face-loss.ts";

// Values: tools/fixtures/losses/metric_class_vectors.py, by loops over rows and classes in long double, angles by arctan2.

const WEIGHT = [
  [1, 0],
  [0, 1],
];

// Its gradients are differences in long double, good to 1e-10.
const SLOPE = {
  gradient: "the sine has a kink where embeddings have the direction of their class",
  tolerance: { float64: { relative: 1e-9, absolute: 1e-11 } },
};
const KINK = { gradient: SLOPE.gradient };
const BEND = { gradient: "the curvature jumps where k does" };
const EMPTY = { empty: { gradient: "0 / 0", onnx: "a graph of no rows, and 0 / 0" } };
const LENGTHS = { huge: { onnx: "lengths overflow the float32 of a graph" } };

const notAClass: ErrorCase = {
  args: ({ index }) => [[[1, 2]], index([2]), WEIGHT],
  error: IndexOutOfRangeError,
  message: /a target is not a class.*2 at position 0.*0 to 1/,
};
const otherSize: ErrorCase = {
  args: ({ index }) => [[[1, 2, 3]], index([0]), WEIGHT],
  error: ShapeError,
  message: /the weight must have one vector for each class.*weight \[2, 2\] for embeddings \[1, 3\].*\[C, 3\]/,
};

function refuses(options: object, message: RegExp, weight: unknown = WEIGHT): ErrorCase {
  return { args: ({ index }) => [[[1, 2]], index([0]), weight, options], error: ArgumentError, message };
}

export const arcFace: OpCases = {
  name: "arcFaceLoss",
  run: arcFaceLoss,
  also: ["ArcFaceLoss"],
  samples: metricFixtures("metric-class-vectors", "arcFaceLoss", {
    ...EMPTY,
    "on the axes": { secondGradient: KINK.gradient },
    "on its class": SLOPE,
    "opposite to its class": SLOPE,
  }),
  errors: [
    notAClass,
    otherSize,
    refuses({ margin: 4 }, /arcFaceLoss: margin must be an angle from 0 to pi.*4/),
    refuses({ scale: 0 }, /arcFaceLoss: scale must be a number above 0.*0/),
  ],
};

export const subCenterArcFace: OpCases = {
  name: "subCenterArcFaceLoss",
  run: subCenterArcFaceLoss,
  also: ["SubCenterArcFaceLoss"],
  samples: metricFixtures("metric-class-vectors", "subCenterArcFaceLoss", { ...EMPTY, "on the axes": KINK }),
  errors: [
    {
      args: ({ index }) => [[[1, 2]], index([0]), WEIGHT],
      error: ShapeError,
      message: /subCenterArcFaceLoss: the weight must have several vectors for each class.*\[C, K, 2\]/,
    },
    refuses({ margin: -1 }, /subCenterArcFaceLoss: margin must be an angle from 0 to pi.*-1/, [WEIGHT, WEIGHT]),
  ],
};

export const cosFace: OpCases = {
  name: "cosFaceLoss",
  run: cosFaceLoss,
  also: ["CosFaceLoss"],
  samples: metricFixtures("metric-class-vectors", "cosFaceLoss", EMPTY),
  errors: [
    notAClass,
    otherSize,
    refuses({ scale: -1 }, /cosFaceLoss: scale must be a number above 0.*-1/),
    refuses({ margin: Number.NaN }, /cosFaceLoss: margin must be a number.*NaN/),
  ],
};

export const normalizedSoftmax: OpCases = {
  name: "normalizedSoftmaxLoss",
  run: normalizedSoftmaxLoss,
  also: ["NormalizedSoftmaxLoss"],
  samples: metricFixtures("metric-class-vectors", "normalizedSoftmaxLoss", EMPTY),
  errors: [
    notAClass,
    otherSize,
    refuses({ temperature: 0 }, /normalizedSoftmaxLoss: temperature must be a number above 0/),
  ],
};

export const largeMarginSoftmax: OpCases = {
  name: "largeMarginSoftmaxLoss",
  run: largeMarginSoftmaxLoss,
  also: ["LargeMarginSoftmaxLoss"],
  samples: metricFixtures("metric-class-vectors", "largeMarginSoftmaxLoss", {
    ...EMPTY,
    ...LENGTHS,
    "on the axes": BEND,
  }),
  errors: [
    notAClass,
    otherSize,
    refuses({ margin: 1.5 }, /largeMarginSoftmaxLoss: margin must be a whole number above 0.*1.5/),
  ],
};

export const sphereFace: OpCases = {
  name: "sphereFaceLoss",
  run: sphereFaceLoss,
  also: ["SphereFaceLoss"],
  samples: metricFixtures("metric-class-vectors", "sphereFaceLoss", { ...EMPTY, ...LENGTHS, "on the axes": BEND }),
  errors: [notAClass, otherSize, refuses({ margin: 0 }, /sphereFaceLoss: margin must be a whole number above 0.*0/)],
};

export const proxyAnchor: OpCases = {
  name: "proxyAnchorLoss",
  run: proxyAnchorLoss,
  also: ["ProxyAnchorLoss"],
  samples: metricFixtures("metric-class-vectors", "proxyAnchorLoss"),
  errors: [notAClass, otherSize, refuses({ alpha: 0 }, /proxyAnchorLoss: alpha must be a number above 0/)],
};

export const proxyNca: OpCases = {
  name: "proxyNcaLoss",
  run: proxyNcaLoss,
  also: ["ProxyNCALoss"],
  samples: metricFixtures("metric-class-vectors", "proxyNcaLoss", EMPTY),
  errors: [
    notAClass,
    otherSize,
    refuses({ scale: 0 }, /proxyNcaLoss: scale must be a number above 0/),
    refuses({}, /proxyNcaLoss: there must be another class to compare with.*includePositive/, [[1, 2]]),
  ],
};

export const softTriple: OpCases = {
  name: "softTripleLoss",
  run: softTripleLoss,
  also: ["SoftTripleLoss"],
  samples: metricFixtures("metric-class-vectors", "softTripleLoss", EMPTY),
  errors: [
    refuses({ gamma: 0 }, /softTripleLoss: gamma must be a number above 0/, [WEIGHT, WEIGHT]),
    refuses({ lambda: -1 }, /softTripleLoss: lambda must be a number above 0/, [WEIGHT, WEIGHT]),
    refuses({ margin: Number.NaN }, /softTripleLoss: margin must be a number/, [WEIGHT, WEIGHT]),
  ],
};

export const spread: OpCases = {
  name: "softTripleRegularizer",
  run: softTripleRegularizer,
  samples: metricFixtures("metric-class-vectors", "softTripleRegularizer", {
    merged: { gradient: "the distance has a kink at zero" },
  }),
  errors: [
    {
      args: () => [[[1, 2]]],
      error: ShapeError,
      message: /softTripleRegularizer: the weight must have several vectors for each class.*\[1, 2\].*\[C, K, D\]/,
    },
  ],
};
