import { ArgumentError, ShapeError, type TensorArg } from "@tenon/numerics";
import type { OpCases, Sample, Tolerance } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { barlowTwinsLoss } from "./barlow-twins-loss.ts";
import { koLeoLoss } from "./koleo-loss.ts";
import { leJepaLoss, sigRegLoss } from "./lejepa-loss.ts";
import { vicRegLoss } from "./vic-reg-loss.ts";

// Values: tools/fixtures/losses/self-supervised.py, in NumPy's float64 and longer.
// Float64: sums over the batch and over the dimensions, of both signs.
const tolerance: Tolerance = { float64: { relative: 1e-12, absolute: 1e-14 } };
const nothing: Partial<Sample> = { gradient: "0 / 0", onnx: "0 / 0" };

type Constant = { readonly directions: TensorArg } & object;

export const cases: OpCases[] = [
  {
    name: "vicRegLoss",
    run: vicRegLoss,
    also: ["VICRegLoss"],
    samples: fixtures("self-supervised", "vicRegLoss", {
      "all equal": { gradient: "a kink where a dimension is constant" },
      "one dimension": { secondGradient: "all terms but the mean squared difference are at rest" },
    }),
    errors: [
      {
        args: () => [[[1, 2]], [[1, 2]]],
        error: ShapeError,
        message: /vicRegLoss: a must be a batch of embeddings.*\[1, 2\].*N at least 2/,
      },
      {
        args: () => [
          [[1], [2]],
          [
            [1, 2],
            [3, 4],
          ],
        ],
        error: ShapeError,
        message: /vicRegLoss: a, b must have the same shape/,
      },
      {
        args: () => [[[1], [2]], [[1], [2]], { variance: -1 }],
        error: ArgumentError,
        message: /vicRegLoss: variance must be 0 or more.*-1/,
      },
    ],
    tolerance,
  },
  {
    name: "barlowTwinsLoss",
    run: barlowTwinsLoss,
    also: ["BarlowTwinsLoss"],
    samples: fixtures("self-supervised", "barlowTwinsLoss", {
      "a constant dimension": { gradient: "the correlation jumps where a dimension is constant" },
      "all equal": { gradient: "the correlation jumps where a dimension is constant" },
      "tiny and huge": { gradient: "finite differences step over 1e-18" },
    }),
    errors: [
      { args: () => [[[1]], [[1]]], error: ShapeError, message: /barlowTwinsLoss: a must be a batch/ },
      {
        args: () => [[[1], [2]], [[1], [2]], { lambda: -1 }],
        error: ArgumentError,
        message: /barlowTwinsLoss: lambda must be 0 or more/,
      },
    ],
    tolerance,
  },
  {
    name: "koLeoLoss",
    run: koLeoLoss,
    also: ["KoLeoLoss"],
    samples: fixtures("self-supervised", "koLeoLoss", {
      "two the same": { gradient: "a kink where two are the same", onnx: "float32 does not see them as the same" },
      "two the same, eps 0": { gradient: "infinite", onnx: "float32 does not see them as the same" },
      "one row": nothing,
      "one row, not reduced": { gradient: "always 0" },
      "one row, zero": { gradient: "always 0" },
    }),
    errors: [
      { args: () => [[1, 2]], error: ShapeError, message: /koLeoLoss: embeddings must be a batch.*\[2\].*\[N, D\]/ },
      { args: () => [[[1]], { eps: -1 }], error: ArgumentError, message: /koLeoLoss: eps must be 0 or more/ },
    ],
    tolerance,
  },
  {
    name: "sigRegLoss",
    run: (x: TensorArg, { directions, ...options }: Constant) => sigRegLoss(x, directions, options),
    samples: fixtures("self-supervised", "sigRegLoss"),
    errors: [
      {
        args: () => [[[1]], { directions: [1] }],
        error: ShapeError,
        message: /sigRegLoss: directions must be a batch of embeddings.*\[1\]/,
      },
      {
        args: () => [[[1]], { directions: [[1, 2]] }],
        error: ShapeError,
        message: /sigRegLoss: directions must have as many dimensions as the embeddings.*\[1, 2\].*\[N, 1\]/,
      },
      { args: () => [[1], { directions: [[1]] }], error: ShapeError, message: /sigRegLoss: embeddings have the wrong/ },
      {
        args: () => [[[1]], { directions: [[1]], points: 1 }],
        error: ArgumentError,
        message: /sigRegLoss: points must be a whole number from 2 on/,
      },
      {
        args: () => [[[1]], { directions: [[1]], range: 0 }],
        error: ArgumentError,
        message: /sigRegLoss: range must be a number above 0/,
      },
    ],
    tolerance,
  },
  {
    name: "leJepaLoss",
    run: (x: TensorArg, g: TensorArg, { directions, ...options }: Constant) => leJepaLoss(x, g, directions, options),
    samples: fixtures("self-supervised", "leJepaLoss"),
    errors: [
      {
        args: () => [[[1]], [[[1]]], { directions: [[1]] }],
        error: ShapeError,
        message: /leJepaLoss: views has the wrong shape.*\[1, 1\].*\[V, N, D\]/,
      },
      {
        args: () => [[[[1]]], [[[1]]], { directions: [[1]], lambda: 2 }],
        error: ArgumentError,
        message: /leJepaLoss: lambda must be from 0 to 1/,
      },
    ],
    tolerance,
  },
];
