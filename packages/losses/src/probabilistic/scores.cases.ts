import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { crpsExponential, crpsLaplace, crpsLogistic, crpsNormal } from "./crps-distributions.ts";
import { crpsEnsemble } from "./crps-ensemble.ts";
import { dawidSebastianiScore } from "./dawid-sebastiani-score.ts";
import { intervalScore } from "./interval-score.ts";
import { energyScore, variogramScore } from "./multivariate-scores.ts";

// Values: tools/fixtures/losses/scores.py, the distributions' by quadrature of the definition.

const distributions = { crpsNormal, crpsLogistic, crpsLaplace };
const classes = { crpsNormal: "CRPSNormalLoss", crpsLogistic: "CRPSLogisticLoss", crpsLaplace: "CRPSLaplaceLoss" };

export const crps: OpCases[] = Object.entries(distributions).map(([name, run]) => ({
  name,
  run,
  also: [classes[name as keyof typeof classes]],
  samples: fixtures("scores", name, {
    "far and near": {
      gradient: "scales far below the step of differences",
      onnx: "1 / 1e-30 squared overflows float32",
    },
    "scales far below the error": {
      gradient: "scales far below the step of differences",
      onnx: "1e20 squared overflows float32",
    },
    "infinite targets and a certain forecast": {
      gradient: "finite differences need finite inputs",
      onnx: "infinity - infinity",
    },
    nothing: { onnx: "empty" },
  }),
  errors: [
    {
      args: () => [
        [[1], [2]],
        [1, 2],
        [1, 1],
      ],
      error: ShapeError,
      message: new RegExp(
        `${name}: the shapes would stretch each other.*input \\[2, 1\\], target \\[2\\], scale \\[2\\]`,
      ),
    },
  ],
}));

export const exponential: OpCases = {
  name: "crpsExponential",
  run: crpsExponential,
  also: ["CRPSExponentialLoss"],
  samples: fixtures("scores", "crpsExponential", {
    "far and near": { gradient: "finite differences need finite inputs", onnx: "infinities" },
    "a forecast that is sure of 0": { gradient: "finite differences need finite inputs", onnx: "infinities" },
  }),
  errors: [
    {
      args: () => [
        [[1], [2]],
        [1, 2],
      ],
      error: ShapeError,
      message: /crpsExponential: the shapes would stretch each other.*input \[2, 1\], target \[2\]/,
    },
  ],
};

function noMembers(name: string, vectors: boolean): ErrorCase[] {
  const one = (x: unknown) => (vectors ? [x] : x);
  return [
    {
      args: () => [one([[1, 2, 3]]), one([1, 2])],
      error: ShapeError,
      message: new RegExp(`${name}: the input must be the target with a dimension of members`),
    },
    {
      args: ({ tensor }) => [tensor([], { shape: vectors ? [2, 0, 2] : [2, 0] }), one(vectors ? [[1, 2]] : [1, 2])],
      error: vectors ? ShapeError : ArgumentError,
      message: new RegExp(vectors ? `${name}: the input must be` : `${name}: there are too few members.*0.*at least 1`),
    },
  ];
}

const piecewise = "piecewise linear";

export const ensemble: OpCases = {
  name: "crpsEnsemble",
  run: crpsEnsemble,
  also: ["CRPSEnsembleLoss"],
  secondGradient: piecewise,
  samples: fixtures("scores", "crpsEnsemble", {
    "all equal and right": { gradient: "a kink" },
    "a large offset": { gradient: "differences of 1e7 have no digits", onnx: "the same in float32" },
    "an infinite member": { gradient: "finite differences need finite inputs", onnx: "TopK of infinities" },
    "an infinite member, fair": { gradient: "finite differences need finite inputs", onnx: "TopK of infinities" },
  }),
  errors: [
    ...noMembers("crpsEnsemble", false),
    unknownReduction("crpsEnsemble", [[1, 2]], [1]),
    {
      args: () => [[[1], [2]], [1, 2], { fair: true }],
      error: ArgumentError,
      message: /crpsEnsemble: there are too few members.*1.*at least 2/,
    },
  ],
};

export const energy: OpCases = {
  name: "energyScore",
  run: energyScore,
  also: ["EnergyScoreLoss"],
  samples: fixtures("scores", "energyScore", { "all equal and right": { gradient: "a kink" } }),
  errors: noMembers("energyScore", true),
};

export const variogram: OpCases = {
  name: "variogramScore",
  run: variogramScore,
  also: ["VariogramScoreLoss"],
  samples: fixtures("scores", "variogramScore", { "equal coordinates": { gradient: "a kink" } }),
  errors: [
    ...noMembers("variogramScore", true),
    {
      args: () => [[[[1, 2]]], [[1, 2]], { p: 0 }],
      error: ArgumentError,
      message: /variogramScore: p must be a number above 0.*0/,
    },
    {
      args: () => [[[[1, 2]]], [[1, 2]], { weight: [1, 2] }],
      error: ShapeError,
      message: /variogramScore: there must be one weight for each pair of coordinates.*\[2\].*\[2, 2\]/,
    },
  ],
};

export const interval: OpCases = {
  name: "intervalScore",
  run: intervalScore,
  also: ["IntervalScoreLoss"],
  secondGradient: piecewise,
  samples: fixtures("scores", "intervalScore", {
    "an infinite target and one on the edge": { gradient: "a kink", onnx: "infinity" },
  }),
  errors: [
    {
      args: () => [[0], [1], [0], { alpha: 1 }],
      error: ArgumentError,
      message: /intervalScore: alpha must lie between 0 and 1.*1/,
    },
    {
      args: () => [
        [[0], [0]],
        [1, 1],
        [1, 1],
      ],
      error: ShapeError,
      message: /intervalScore: the shapes would stretch each other.*lower \[2, 1\], upper \[2\]/,
    },
  ],
};

export const dawidSebastiani: OpCases = {
  name: "dawidSebastianiScore",
  run: dawidSebastianiScore,
  also: ["DawidSebastianiLoss"],
  samples: fixtures("scores", "dawidSebastianiScore", {
    extremes: { gradient: "the edge of the domain", onnx: "infinities" },
  }),
  errors: [
    {
      args: () => [[[1, 2]], [[1, 2]], [[[1, 0, 0]]]],
      error: ShapeError,
      message: /dawidSebastianiScore: each vector must have its covariance.*\[1, 2\].*\[1, 1, 3\].*\[1, 2, 2\]/,
    },
    {
      args: () => [
        [[1], [2]],
        [1, 2],
        [1, 1],
      ],
      error: ShapeError,
      message: /dawidSebastianiScore: the shapes would stretch each other/,
    },
  ],
};
