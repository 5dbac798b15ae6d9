import { ArgumentError } from "@tenon/numerics";
import type { ErrorCase, OpCases } from "@tenon/numerics/testing";
import { stretches } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { hingeLoss, perceptronLoss, smoothedHingeLoss, squaredHingeLoss } from "./hinge-loss.ts";

// Values and gradients: tools/fixtures/losses/single-logits.py, in 150 digits.

const infinite = { gradient: "finite differences need finite scores" };
const nothing = { gradient: "0 / 0", onnx: "empty" };
const corner = { gradient: "a corner" };
const extremes = {
  infinite,
  nothing,
  "at the corner": corner,
  "far out": { gradient: "finite differences of 1e15 show nothing" },
};

const noSign: ErrorCase = {
  args: () => [[1, 1], [1, 0], { checkTarget: true }],
  error: ArgumentError,
  message: /a target has no meaning here.*0 at position 1.*1 or -1/,
};

export const hinge: OpCases = {
  name: "hingeLoss",
  run: hingeLoss,
  also: ["HingeLoss"],
  secondGradient: "piecewise linear",
  samples: fixtures("single-logits", "hingeLoss", extremes),
  errors: [stretches, noSign],
};

export const squared: OpCases = {
  name: "squaredHingeLoss",
  run: squaredHingeLoss,
  also: ["SquaredHingeLoss"],
  samples: fixtures("single-logits", "squaredHingeLoss", extremes),
  errors: [stretches, noSign],
};

export const smoothed: OpCases = {
  name: "smoothedHingeLoss",
  run: smoothedHingeLoss,
  also: ["SmoothedHingeLoss"],
  secondGradient: "the second derivative jumps where the parabola meets the lines",
  samples: fixtures("single-logits", "smoothedHingeLoss", extremes),
  errors: [
    stretches,
    noSign,
    {
      args: () => [[1], [1], { smoothing: 0 }],
      error: ArgumentError,
      message: /smoothedHingeLoss: smoothing must be above 0.*0/,
    },
  ],
};

export const perceptron: OpCases = {
  name: "perceptronLoss",
  run: perceptronLoss,
  also: ["PerceptronLoss"],
  secondGradient: "piecewise linear",
  samples: fixtures("single-logits", "perceptronLoss", { infinite, nothing, "at the corner": corner }),
  errors: [stretches, noSign],
};
