import { ArgumentError } from "@tenon/numerics";
import type { ErrorCase, OpCases, Sample } from "@tenon/numerics/testing";
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

// 0.6 and 0.4 are not float32 numbers: that run starts from rounded ones.
const kerasExample = (expect: number): Sample => ({
  name: "the example of Keras's documentation, its targets of 0 as -1",
  args: () => [
    [
      [0.6, 0.4],
      [0.4, 0.6],
    ],
    [
      [-1, 1],
      [-1, -1],
    ],
  ],
  expect,
  tolerance: { float32: 1.2e-7 },
});

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
  samples: [...fixtures("single-logits", "hingeLoss", extremes), kerasExample(1.3)],
  errors: [stretches, noSign],
};

export const squared: OpCases = {
  name: "squaredHingeLoss",
  run: squaredHingeLoss,
  also: ["SquaredHingeLoss"],
  samples: [...fixtures("single-logits", "squaredHingeLoss", extremes), kerasExample(1.86)],
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
