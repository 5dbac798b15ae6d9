import { ArgumentError, ShapeError, type TensorArg } from "@tenon/numerics";
import type { OpCases, Sample, Tolerance } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { clipLoss } from "./clip-loss.ts";
import { dclLoss, dclwLoss } from "./dcl-loss.ts";
import { mocoLoss } from "./moco-loss.ts";
import { sigmoidContrastiveLoss } from "./sigmoid-contrastive-loss.ts";
import { tiCoLoss } from "./tico-loss.ts";

// Values: tools/fixtures/losses/self-supervised.py, in NumPy's float64 and longer.
// What a loss takes as a constant comes as numbers in the samples' options, so that finite differences leave it alone.
// Float64: products of unit vectors divided by temperatures.
const tolerance: Tolerance = { float64: { relative: 1e-12, absolute: 1e-14 } };
const nothing: Partial<Sample> = { gradient: "0 / 0", onnx: "0 / 0" };

const two = (name: string) => ({
  args: () => [[[1, 2]], [[1, 2]]],
  error: ShapeError,
  message: new RegExp(`${name}: a must be a batch of embeddings.*\\[1, 2\\].*N at least 2`),
});
const different = (name: string) => ({
  args: () => [[[1, 2]], [[1, 2, 3]]],
  error: ShapeError,
  message: new RegExp(`${name}: .* must have the same shape.*\\[1, 2\\].*\\[1, 3\\]`),
});
const temperature = (name: string) => ({
  args: () => [[[1], [2]], [[1], [2]], { temperature: 0 }],
  error: ArgumentError,
  message: new RegExp(`${name}: temperature must be a number above 0`),
});

export const cases: OpCases[] = [
  {
    name: "mocoLoss",
    run: (query: TensorArg, { key, queue, ...options }: { readonly key: TensorArg; readonly queue: TensorArg }) =>
      mocoLoss(query, key, queue, options),
    samples: fixtures("self-supervised", "mocoLoss", {
      tiny: { gradient: "finite differences cannot see 1e-56", onnx: "below float32" },
      "far closer to its key": { onnx: "float32 loses it beside 1" },
    }),
    errors: [
      { ...different("mocoLoss"), args: () => [[[1, 2]], { key: [[1, 2, 3]], queue: [[1, 2]] }] },
      {
        args: () => [[[1, 2]], { key: [[1, 2]], queue: [1, 2] }],
        error: ShapeError,
        message: /mocoLoss: queue must be a batch of embeddings/,
      },
      {
        args: () => [[[1, 2]], { key: [[1, 2]], queue: [[1, 2]], temperature: -1 }],
        error: ArgumentError,
        message: /mocoLoss: temperature must be a number above 0/,
      },
    ],
    tolerance,
  },
  {
    name: "dclLoss",
    run: dclLoss,
    also: ["DCLLoss"],
    samples: fixtures("self-supervised", "dclLoss", {
      "tiny and huge": { gradient: "finite differences step over 1e-18" },
    }),
    errors: [two("dclLoss"), different("dclLoss"), temperature("dclLoss")],
    tolerance,
  },
  {
    name: "dclwLoss",
    run: dclwLoss,
    also: ["DCLWLoss"],
    samples: fixtures("self-supervised", "dclwLoss", { "*": { gradient: "the weights are constants" } }),
    errors: [two("dclwLoss"), different("dclwLoss"), temperature("dclwLoss")],
    tolerance,
  },
  {
    name: "tiCoLoss",
    run: tiCoLoss,
    samples: fixtures("self-supervised", "tiCoLoss", { "nearly the same": { onnx: "subnormals" } }),
    errors: [
      different("tiCoLoss"),
      { args: () => [[[1]], [[1]], { beta: 2 }], error: ArgumentError, message: /tiCoLoss: beta must be from 0 to 1/ },
      {
        args: () => [
          [[1]],
          [[1]],
          {
            covariance: [
              [1, 2],
              [3, 4],
            ],
          },
        ],
        error: ShapeError,
        message: /tiCoLoss: the batch's covariance, covariance must have the same shape/,
      },
    ],
    tolerance,
  },
  {
    name: "clipLoss",
    run: clipLoss,
    samples: fixtures("self-supervised", "clipLoss", {
      confident: { gradient: "finite differences cannot see 1e-44", onnx: "float32 loses it beside 1" },
      "one pair": { secondGradient: "always 0" },
      "no pairs": nothing,
    }),
    errors: [
      different("clipLoss"),
      {
        args: () => [[[1]], [[1]], { logScale: [1, 2] }],
        error: ArgumentError,
        message: /clipLoss: logScale must be a scalar/,
      },
    ],
    tolerance,
  },
  {
    name: "sigmoidContrastiveLoss",
    run: sigmoidContrastiveLoss,
    samples: fixtures("self-supervised", "sigmoidContrastiveLoss", {
      confident: { gradient: "finite differences cannot see 1e-44", onnx: "below float32" },
    }),
    errors: [
      different("sigmoidContrastiveLoss"),
      {
        args: () => [[[1]], [[1]], { bias: [1, 2] }],
        error: ArgumentError,
        message: /sigmoidContrastiveLoss: bias must be a scalar/,
      },
    ],
    tolerance,
  },
];
