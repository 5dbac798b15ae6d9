import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { linear } from "./linear.ts";
import { type LinearCrossEntropyOptions, linearCrossEntropy } from "./linear-cross-entropy.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";

// The plain way: all logits at once.
const composed = (x: Tensor, w: Tensor, target: Tensor, options: LinearCrossEntropyOptions = {}): Tensor => {
  const { linearBias, chunkSize: _, ...rest } = options;
  const flat = x.ndim === 2 ? x : x.reshape([target.size, x.shape.at(-1)!]);
  const loss = softmaxCrossEntropy(linear(flat, w, linearBias), target.reshape([target.size]), rest);
  return options.reduction === "none" ? loss.reshape(target.shape) : loss;
};

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
const BIAS = [0.5, -0.25, 0];

export const cases: OpCases = {
  name: "linearCrossEntropy",
  run: linearCrossEntropy,
  composed,
  // Products accumulate in float32.
  tolerance: { float32: { relative: 1e-6, absolute: 1e-7 }, float64: 1e-12 },
  samples: [
    { args: ({ index }) => [X, W, index([0, 2, 1, -100, 1]), { chunkSize: 2 }] },
    { name: "one chunk", args: ({ index }) => [X, W, index([0, 2, 1, 0, 1])] },
    {
      name: "bias",
      args: ({ index, tensor }) => [X, W, index([0, 2, 1, 0, 1]), { linearBias: tensor(BIAS), chunkSize: 3 }],
    },
    { name: "rows", args: ({ index }) => [X, W, index([0, 2, 1, -100, 1]), { reduction: "none", chunkSize: 2 }] },
    { name: "sum", args: ({ index }) => [X, W, index([0, 2, 1, -100, 1]), { reduction: "sum", chunkSize: 1 }] },
    {
      name: "weights and smoothing",
      args: ({ index, tensor }) => [
        X,
        W,
        index([0, 2, 1, -100, 1]),
        { weight: tensor([1, 2, 0.5]).detach(), labelSmoothing: 0.2, chunkSize: 2 },
      ],
      gradient: "weights are not differentiated",
    },
    { name: "smoothing", args: ({ index }) => [X, W, index([0, 2, 1, 0, 1]), { labelSmoothing: 0.2, chunkSize: 2 }] },
    {
      name: "one row, more dimensions",
      args: ({ index, tensor }) => [tensor([[[0.5, -1.25]]]), W, index([[1]])],
    },
    {
      name: "confident rows, in place of their logits",
      args: ({ index, tensor }) => [
        tensor([
          [40, 0],
          [40, 0],
        ]),
        [
          [1, 0],
          [0.5, 0],
          [-1, 0],
        ],
        index([0, 1]),
        { reduction: "none" },
      ],
      expect: [2.0611536181902037e-9, 20.00000000206115],
      gradient: "too small for differences",
    },
    {
      name: "nothing",
      args: ({ index, tensor }) => [tensor([], { shape: [0, 2] }), W, index([]), { reduction: "sum" }],
      expect: 0,
      gradient: "nothing to move",
      onnx: "empty",
    },
  ],
  errors: [
    {
      args: ({ index }) => [X, W, index([0, 3, 0, 0, 0])],
      error: IndexOutOfRangeError,
      message: /linearCrossEntropy: a target is not a class.*3 at position 1.*0 to 2/,
    },
    {
      args: ({ index }) => [X, W, index([0])],
      error: ShapeError,
      message: /one class index for each row.*\[1\].*\[5\]/,
    },
    {
      args: ({ index }) => [[[1, 2, 3]], W, index([0])],
      error: ShapeError,
      message: /inner sizes differ.*\[1, 3\].*\[3, 2\]/,
    },
    { args: ({ tensor }) => [X, W, tensor([0, 0, 0, 0, 0])], error: DTypeError, message: /class indices.*float32/ },
    {
      args: ({ index }) => [X, W, index([0, 0, 0, 0, 0]), { chunkSize: 0 }],
      error: ArgumentError,
      message: /chunkSize must be a whole number above 0.*0/,
    },
  ],
};
