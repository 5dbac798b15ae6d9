import { IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { exp } from "./exp.ts";
import { logSoftmax } from "./log-softmax.ts";
import { mul } from "./mul.ts";
import { softmaxDivergence } from "./softmax-divergence.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";

const X = [
  [0.5, -1.25, 2],
  [3, 0.75, -0.5],
];
const T = [
  [1, -1, 0.5],
  [0.25, 1, -2],
];
const LONG = Array.from({ length: 19 }, (_, i) => ((i * 7) % 19) / 4 - 2);

// Close, far and excluded classes in 60 digits: the loss klDivLogits has them in tools/fixtures/losses/pytorch.py.
export const cases: OpCases = {
  name: "softmaxDivergence",
  run: softmaxDivergence,
  composed: (x: Tensor, t: Tensor, dim: number) => {
    const logP = logSoftmax(t, dim);
    return sum(mul(exp(logP), sub(logP, logSoftmax(x, dim))), dim);
  },
  samples: [
    { args: () => [X, T, 1] },
    // The last columns differ by a constant: 0, but for the rounding of its mean, squared.
    { args: () => [X, T, 0], tolerance: { float32: { relative: 1.2e-7, absolute: 1e-30 } } },
    { args: () => [X[0], T[1], 0] },
    { name: "long rows", args: () => [[LONG, LONG], [LONG.toReversed(), LONG.map((v) => v * 2)], -1] },
    { name: "one class", args: () => [[[1], [2]], [[3], [4]], 1], expect: [0, 0] },
    {
      name: "no rows",
      args: ({ tensor }) => [tensor([], { shape: [0, 3] }), tensor([], { shape: [0, 3] }), 1],
      shape: [0],
      onnx: "onnxruntime refuses to reduce nothing",
    },
    {
      name: "common offsets",
      args: () => [[[1000, 1001]], [[-5000, -5000]], 1],
      expect: [0.12011450695827752],
      grads: [[[-0.2310585786300049, 0.2310585786300049]], [[0.25, -0.25]]],
      gradient: "a step of differences at 5000 is too long",
      onnx: "float32 on the way",
    },
    {
      name: "not a number",
      args: () => [
        [
          [1, 2],
          [1, Number.NaN],
        ],
        [
          [Number.NaN, 2],
          [1, 2],
        ],
        1,
      ],
      expect: [Number.NaN, Number.NaN],
      gradient: "not a number",
    },
    {
      name: "close",
      args: () => [[[1, 2]], [[1, 2.0009765625]], 1],
      expect: [9.372366554613124e-8],
      onnx: "a sum that cancels",
    },
  ],
  errors: [
    {
      args: () => [X, [1, 2, 3], 1],
      error: ShapeError,
      message: /softmaxDivergence: input and target must be logits.*\[2, 3\].*\[3\]/,
    },
    { args: () => [X, T, 2], error: IndexOutOfRangeError, message: /softmaxDivergence/ },
  ],
};
