import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { lovaszHingeLoss, lovaszSoftmaxLoss } from "./lovasz-losses.ts";

// Values: tools/fixtures/losses/segmentation_lovasz.py, by the definition: sets of mistakes that grow pixel by pixel.
const FILE = "segmentation-lovasz";
const empty = { gradient: "0 / 0", onnx: "0 / 0" };

export const lovaszHinge: OpCases = {
  name: "lovaszHingeLoss",
  run: lovaszHingeLoss,
  also: ["LovaszHingeLoss"],
  tolerance: { float64: 1e-12 },
  secondGradient: "piecewise linear",
  samples: fixtures(FILE, "lovaszHingeLoss", {
    "all equal": { gradient: "a kink where errors are equal" },
    "sure and wrong": { gradient: "a kink where errors are equal" },
    "infinite and right": { gradient: "finite differences need finite logits" },
    "infinite and wrong": { gradient: "finite differences need finite logits" },
  }),
  errors: [
    {
      args: () => [[[[1, 2]]], [[[0n, 1n]]], { mask: [[true]] }],
      error: ShapeError,
      message: /lovaszHingeLoss: the mask must have one value for each pixel/,
    },
  ],
};

export const lovaszSoftmax: OpCases = {
  name: "lovaszSoftmaxLoss",
  run: lovaszSoftmaxLoss,
  also: ["LovaszSoftmaxLoss"],
  tolerance: { float64: 1e-12 },
  samples: fixtures(FILE, "lovaszSoftmaxLoss", { "all ignored": empty }),
  errors: [
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 2]]),
      ],
      error: IndexOutOfRangeError,
      message: /lovaszSoftmaxLoss: a target is not a class.*2 at position 1.*0 to 1/,
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { activation: "relu" },
      ],
      error: ArgumentError,
      message: /lovaszSoftmaxLoss: activation must be one of "none", "sigmoid", "softmax".*"relu"/,
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { absent: "drop" },
      ],
      error: ArgumentError,
      message: /lovaszSoftmaxLoss: absent must be one of "keep", "zero", "skip".*"drop"/,
    },
  ],
};
