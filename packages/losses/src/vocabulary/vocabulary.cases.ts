import { ArgumentError, cat, IndexOutOfRangeError, linear, ShapeError, type Tensor } from "@tenon/numerics";
import type { OpCases } from "@tenon/numerics/testing";
import { sequenceLogProbs } from "../alignment/sequence-log-probs.ts";
import { crossEntropy } from "../classification/cross-entropy.ts";
import { fixtures } from "../testing/fixtures.ts";
import { type LinearCrossEntropyOptions, linearCrossEntropy } from "./linear-cross-entropy.ts";
import { type LinearSequenceLogProbsOptions, linearSequenceLogProbs } from "./linear-sequence-log-probs.ts";
import { overRowChunks } from "./row-chunks.ts";
import { shardedCrossEntropy } from "./sharded-cross-entropy.ts";

const X = [
  [0.5, -1.25],
  [2, 0],
  [-0.75, 3],
  [1, 1],
  [-2, 0.25],
];
const W = [
  [1, -0.5],
  [0.25, 2],
  [-1, 0.75],
];

// The plain way: all logits at once, from an operation that has its own cases.
function composed(x: Tensor, w: Tensor, target: Tensor, options: LinearCrossEntropyOptions = {}): Tensor {
  const { linearBias, chunkSize: _, ...rest } = options;
  return crossEntropy(linear(x, w, linearBias), target, rest);
}

export const linearCases: OpCases = {
  name: "linearCrossEntropy",
  run: linearCrossEntropy,
  also: ["LinearCrossEntropyLoss"],
  // Products accumulate in float32.
  tolerance: { float32: { relative: 1e-6, absolute: 1e-7 }, float64: 1e-12 },
  samples: [
    { args: ({ index }) => [X, W, index([0, 2, 1, 0, 1]), { chunkSize: 2 }], composed },
    { name: "ignored rows", args: ({ index }) => [X, W, index([0, -100, 1, -100, 1]), { chunkSize: 2 }], composed },
    {
      name: "ignored rows, each",
      args: ({ index }) => [X, W, index([0, -100, 1, -100, 1]), { reduction: "none", chunkSize: 2 }],
      composed,
    },
    {
      name: "bias, weights and smoothing",
      args: ({ index, tensor }) => [
        X,
        W,
        index([0, 2, 1, -100, 1]),
        {
          linearBias: tensor([0.5, -0.25, 0]).detach(),
          weight: tensor([1, 2, 0.5]).detach(),
          labelSmoothing: 0.2,
          chunkSize: 2,
        },
      ],
      composed,
      gradient: "weights are not differentiated",
    },
    // tools/fixtures/losses/vocabulary.py
    ...fixtures("vocabulary", "linearCrossEntropy"),
    {
      name: "everything ignored",
      args: ({ index }) => [X, W, index([-100, -100, -100, -100, -100])],
      expect: Number.NaN,
      gradient: "0 / 0",
      onnx: "0 / 0",
    },
  ],
  errors: [
    {
      args: ({ index }) => [X, W, index([0])],
      error: ShapeError,
      message: /linearCrossEntropy: there must be one class/,
    },
    {
      args: ({ index }) => [X, W, index([0, 1, 2, 3, 0])],
      error: IndexOutOfRangeError,
      message: /linearCrossEntropy: a target is not a class.*3 at position 3/,
    },
    {
      args: ({ index }) => [X, [[1, 2, 3]], index([0, 0, 0, 0, 0]), { zLoss: 0.5 }],
      error: ShapeError,
      message: /linearCrossEntropy: inner sizes differ.*input \[5, 2\], linear weight \[1, 3\]/,
    },
    {
      args: ({ index }) => [X, W, index([0]), { softcap: 5 }],
      error: ShapeError,
      message: /linearCrossEntropy: there must be one class index for each row.*target \[1\]/,
    },
    {
      args: ({ index }) => [X, W, index([0, 1, 2, 1, 0]), { softcap: 0 }],
      error: ArgumentError,
      message: /linearCrossEntropy: softcap must be a number above 0/,
    },
    {
      args: ({ index }) => [X, W, index([0, 1, 2, 1, 0]), { zLoss: -1 }],
      error: ArgumentError,
      message: /linearCrossEntropy: zLoss must be 0 or more.*-1/,
    },
  ],
};

export const sequenceCases: OpCases = {
  name: "linearSequenceLogProbs",
  run: linearSequenceLogProbs,
  composed: (x: Tensor, w: Tensor, tokens: Tensor, { chunkSize: _, ...options }: LinearSequenceLogProbsOptions) =>
    sequenceLogProbs(x.matmul(w.t()), tokens, options),
  // Products accumulate in float32.
  tolerance: { float32: { relative: 2e-6, absolute: 1e-6 }, float64: 1e-12 },
  samples: [
    { args: ({ index, tensor }) => [tensor(X).reshape([1, 5, 2]), W, index([[0, 2, 1, 0, 1]]), { chunkSize: 2 }] },
    {
      name: "means over the tokens that count",
      args: ({ index, bool, tensor }) => [
        tensor(X.slice(0, 4)).reshape([2, 2, 2]),
        W,
        index([
          [0, 2],
          [1, -100],
        ]),
        {
          reduction: "mean",
          mask: bool([
            [1, 0],
            [1, 1],
          ]),
          chunkSize: 1,
        },
      ],
    },
    { name: "tokens", args: ({ index }) => [X, W, index([0, 2, 1, -100, 1]), { reduction: "none" }] },
  ],
  errors: [
    {
      args: ({ index }) => [X, W, index([0, 1, 2, 3, 0]), {}],
      error: IndexOutOfRangeError,
      message: /a target is not a class.*3 at position 3/,
    },
  ],
};

export const chunkCases: OpCases = {
  name: "overRowChunks",
  run: (x: Tensor, w: Tensor, chunkSize: number) =>
    overRowChunks(([rows], [matrix]) => rows!.matmul(matrix!.t()).exp().sum(1), [x], [w], { chunkSize }),
  composed: (x: Tensor, w: Tensor) => x.matmul(w.t()).exp().sum(1),
  tolerance: { float32: { relative: 1e-6 }, float64: 1e-13 },
  samples: [
    { args: () => [X, W, 2] },
    { name: "one chunk", args: () => [X, W, 100] },
    { name: "one row each", args: () => [X, W, 1] },
  ],
  errors: [{ args: () => [X, W, 0], error: ArgumentError, message: /chunkSize must be a whole number above 0.*0/ }],
};

export const shardedCases: OpCases = {
  name: "shardedCrossEntropy",
  run: (a: Tensor, b: Tensor, target: Tensor, options: object = {}) => shardedCrossEntropy([a, b], target, options),
  also: ["ShardedCrossEntropyLoss"],
  composed: (a: Tensor, b: Tensor, target: Tensor, options: object = {}) =>
    crossEntropy(cat([a, b], 1), target, options),
  tolerance: { float64: { relative: 1e-13, absolute: 1e-15 } },
  samples: [
    { args: ({ index }) => [X, W.concat(W).slice(0, 5), index([0, 3, 2, 1, -100])] },
    {
      name: "rows",
      args: ({ index }) => [X, W.concat(W).slice(0, 5), index([0, 3, 2, 1, -100]), { reduction: "none" }],
    },
    {
      name: "saturated",
      args: ({ index }) => [[[20], [1e4], [-1e4]], [[0], [0], [0]], index([0, 1, 0]), { reduction: "none" }],
      expect: [2.0611536181902037e-9, 1e4, 1e4],
      gradient: "too small or too large for differences",
    },
    {
      name: "infinite",
      args: ({ index }) => [
        [[-Infinity], [0], [Infinity]],
        [[0], [-Infinity], [0]],
        index([0, 0, 0]),
        { reduction: "none" },
      ],
      expect: [Infinity, 0, 0],
      grads: [
        [[-1], [0], [0]],
        [[1], [0], [0]],
      ],
      gradient: "finite differences need finite logits",
      onnx: "infinity - infinity",
    },
  ],
  errors: [
    {
      args: ({ index, tensor }) => [tensor([[1]]), tensor([[1], [2]]), index([0])],
      error: ShapeError,
      message: /the same rows.*\[1, 1\], \[2, 1\]/,
    },
    {
      args: ({ index, tensor }) => [tensor([[1]]), tensor([[1]]), index([2])],
      error: IndexOutOfRangeError,
      message: /a target is not a class.*2 at position 0.*0 to 1/,
    },
  ],
};
