import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { quantileHuberLoss } from "../regression/quantile-huber-loss.ts";
import { unknownReduction } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { betaNllLoss } from "./beta-nll-loss.ts";
import { evidentialRegressionLoss } from "./evidential-regression-loss.ts";
import { gaussianKlDivergence, standardNormalKlDivergence } from "./gaussian-kl-divergence.ts";
import { mixtureDensityNllLoss } from "./mixture-density-nll-loss.ts";
import { vonMisesNllLoss } from "./von-mises-nll-loss.ts";

// Values: tools/fixtures/losses/densities.py, in 60 digits.

const nothing = { gradient: "0 / 0", onnx: "0 / 0" };

/** What a loss of `count` tensors refuses: shapes that stretch each other. */
function stretching(name: string, count: number): ErrorCase {
  return {
    args: () => [[[1], [2]], ...Array.from({ length: count - 1 }, () => [1, 2])],
    error: ShapeError,
    message: new RegExp(`${name}: the shapes would stretch each other.*\\[2, 1\\].*\\[2\\]`),
  };
}

const float32Remainder = "e^s - 1 - s cancels in float32";

export const divergences: OpCases[] = [
  {
    name: "standardNormalKlDivergence",
    run: standardNormalKlDivergence,
    also: ["StandardNormalKLDivergenceLoss"],
    samples: fixtures("densities", "standardNormalKlDivergence", {
      "nearly the same": { gradient: "of 1e-8", onnx: float32Remainder },
      far: { gradient: "differences of 1e34 have no digits left", onnx: "e^80 - 80 in float32" },
      infinite: { gradient: "finite differences need finite inputs", onnx: "infinity - infinity" },
      nothing,
    }),
    errors: [stretching("standardNormalKlDivergence", 2), unknownReduction("standardNormalKlDivergence", [1], [1])],
  },
  {
    name: "gaussianKlDivergence",
    run: gaussianKlDivergence,
    also: ["GaussianKLDivergenceLoss"],
    samples: fixtures("densities", "gaussianKlDivergence", {
      "nearly the same": { gradient: "of 1e-8", onnx: float32Remainder },
      far: { gradient: "differences of 1e34 have no digits left" },
      nothing,
    }),
    errors: [stretching("gaussianKlDivergence", 4)],
  },
];

const held = { gradient: "the weight is a constant to the gradient" };

export const betaNll: OpCases = {
  name: "betaNllLoss",
  run: betaNllLoss,
  also: ["BetaNLLLoss"],
  samples: fixtures("densities", "betaNllLoss", {
    mean: held,
    elements: held,
    "beta 1": held,
    "log variance": held,
    "sure and unsure": { ...held, onnx: "1 / 1e-30 squared overflows float32" },
    nothing,
  }),
  errors: [
    stretching("betaNllLoss", 3),
    {
      args: () => [[1], [1], [1], { beta: 2 }],
      error: ArgumentError,
      message: /betaNllLoss: beta must be from 0 to 1.*2/,
    },
  ],
};

export const evidential: OpCases = {
  name: "evidentialRegressionLoss",
  run: evidentialRegressionLoss,
  also: ["EvidentialRegressionLoss"],
  tolerance: { float64: 1e-13 },
  samples: fixtures("densities", "evidentialRegressionLoss", {
    // ONNX has no log-gamma function.
    "*": { onnx: "ONNX has no log-gamma function" },
    "much and little evidence": { gradient: "evidence of 1e8 and 1e-8 beside a step of 1e-5" },
    right: { gradient: "a kink" },
    nothing: { gradient: "0 / 0" },
  }),
  errors: [
    stretching("evidentialRegressionLoss", 5),
    {
      args: () => [[1], [1], [1], [2], [1], { coefficient: -1 }],
      error: ArgumentError,
      message: /evidentialRegressionLoss: coefficient must be 0 or more.*-1/,
    },
  ],
};

export const mixture: OpCases = {
  name: "mixtureDensityNllLoss",
  run: mixtureDensityNllLoss,
  also: ["MixtureDensityNLLLoss"],
  samples: fixtures("densities", "mixtureDensityNllLoss", {
    far: { gradient: "differences of 1e9 have few digits", onnx: "e^30 squared in float32" },
    "a component that does not take part": { gradient: "finite differences need finite logits" },
    nothing,
  }),
  errors: [
    {
      args: () => [[[1, 2]], [1, 2], [[0, 0]], [[0, 0]]],
      error: ShapeError,
      message: /mixtureDensityNllLoss: mean, logScale, logits and target do not fit one another.*target \[2\]/,
    },
    {
      args: () => [[[1, 2]], [1], [[0, 0, 0]], [[0, 0]]],
      error: ShapeError,
      message: /mixtureDensityNllLoss: .*logScale \[1, 3\]/,
    },
    {
      args: ({ tensor }) => [
        tensor([], { shape: [1, 0] }),
        [1],
        tensor([], { shape: [1, 0] }),
        tensor([], { shape: [1, 0] }),
      ],
      error: ShapeError,
      message: /mixtureDensityNllLoss: .*logits \[1, 0\]/,
    },
  ],
};

export const vonMises: OpCases = {
  name: "vonMisesNllLoss",
  run: vonMisesNllLoss,
  also: ["VonMisesNLLLoss"],
  onnx: "ONNX has no Bessel function",
  tolerance: { float64: 1e-13 },
  samples: fixtures("densities", "vonMisesNllLoss", {
    concentrations: { gradient: "at the edge of the domain, and differences of 1e8" },
    met: { gradient: "at the edge of the domain, and differences of 1e8" },
    "a negative concentration": { gradient: "outside the domain" },
    nothing: { gradient: "0 / 0" },
  }),
  errors: [stretching("vonMisesNllLoss", 3)],
};

export const quantileHuber: OpCases = {
  name: "quantileHuberLoss",
  run: quantileHuberLoss,
  also: ["QuantileHuberLoss"],
  samples: fixtures("densities", "quantileHuberLoss", {
    far: { gradient: "differences of 1e4 have few digits" },
    met: { gradient: "a kink of the derivative" },
    nothing,
  }),
  errors: [
    {
      args: () => [[[1, 2]], [1, 2]],
      error: ShapeError,
      message:
        /quantileHuberLoss: input and target must be quantiles and samples in batches of one shape.*\[1, 2\].*\[2\]/,
    },
    {
      args: () => [[[1, 2]], [[1]], { levels: [0.5] }],
      error: ShapeError,
      message: /quantileHuberLoss: there must be one level for each quantile.*\[1\].*\[1, 2\]/,
    },
    {
      args: () => [[[1]], [[1]], { kappa: 0 }],
      error: ArgumentError,
      message: /quantileHuberLoss: kappa must be a number above 0.*0/,
    },
    unknownReduction("quantileHuberLoss", [1], [1]),
  ],
};
