import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { stretches } from "../testing/errors.ts";
import { fixtures } from "../testing/fixtures.ts";
import { gaussianNllLoss } from "./gaussian-nll-loss.ts";
import { poissonNllLoss } from "./poisson-nll-loss.ts";

// Values and gradients: tools/fixtures/losses/pytorch.py.

const INFINITE = "finite differences meet infinity";

export const poisson: OpCases = {
  name: "poissonNllLoss",
  run: poissonNllLoss,
  also: ["PoissonNLLLoss"],
  samples: fixtures("pytorch", "poissonNllLoss", {
    // e^7 - 7000 + log(1000!) cancels.
    full: { onnx: "ONNX has no gamma function", tolerance: { float64: 1e-12 } },
    "far out": { gradient: INFINITE, onnx: "1e34" },
    "rates of 0": { gradient: INFINITE },
  }),
  errors: [
    stretches,
    {
      args: () => [[1], [-2], { checkTarget: true }],
      error: ArgumentError,
      message: /poissonNllLoss: a target has no meaning here.*-2 at position 0.*0 or more/,
    },
    {
      args: () => [[1, -0.5], [1, 1], { checkTarget: true, logInput: false }],
      error: ArgumentError,
      message: /poissonNllLoss: a rate cannot be negative.*-0.5 at position 1.*0 or more/,
    },
  ],
};

export const gaussian: OpCases = {
  name: "gaussianNllLoss",
  run: gaussianNllLoss,
  also: ["GaussianNLLLoss"],
  samples: fixtures("pytorch", "gaussianNllLoss", {
    nothing: { gradient: "0 / 0", onnx: "0 / 0" },
    "small variances": { gradient: "the clamp passes it" },
    "far logarithms": { gradient: "beyond what differences see", secondGradient: "beyond what differences see" },
    "no gradient below eps": { gradient: "differences leave the domain at 0" },
  }),
  errors: [
    {
      args: () => [
        [[1], [2]],
        [1, 2],
        [1, 2],
      ],
      error: ShapeError,
      message: /gaussianNllLoss: the shapes would stretch each other/,
    },
    {
      args: () => [
        [1, 2],
        [1, 2],
        [1, 2, 3],
      ],
      error: ShapeError,
      message: /there must be one variance for each input.*input \[2\], variance \[3\]/,
    },
    {
      args: () => [[1], [1], [-1]],
      error: ArgumentError,
      message: /gaussianNllLoss: a variance cannot be negative.*-1 at position 0/,
    },
  ],
};
