import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";

export const softmaxCrossEntropyCases: OpCases = {
  name: "softmaxCrossEntropy",
  run: softmaxCrossEntropy,
  tolerance: { gradient: { relative: 1e-5, absolute: 1e-6 } },
  samples: [
    {
      name: "mean",
      args: ({ index }) => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        index([1, 2, 0, 2]),
      ],
      expect: 0.42553988971892925,
    },
    {
      name: "sum",
      args: ({ index }) => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        index([1, 2, 0, 2]),
        { reduction: "sum" },
      ],
      expect: 1.702159558875717,
    },
    {
      name: "each",
      args: ({ index }) => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        index([1, 2, 0, 2]),
        { reduction: "none" },
      ],
      expect: [0.4643687841079449, 0.07903620140409959, 0.6943857892557275, 0.4643687841079449],
    },
    {
      name: "class weights",
      args: ({ index }) => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        index([1, 2, 0, 2]),
        { weight: Float64Array.of(0.5, 1, 2) },
      ],
      expect: 0.34515848177452685,
      dtypes: ["float64"],
      onnx: "onnxruntime has no float64 kernel for it",
    },
    {
      name: "rows left out",
      args: ({ index }) => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        index([1, 2, 0, 2]),
        { ignoreIndex: 2 },
      ],
      expect: 0.5793772866818362,
    },
    {
      name: "smoothed",
      args: ({ index }) => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        index([1, 2, 0, 2]),
        { labelSmoothing: 0.25 },
      ],
      expect: 0.7953315563855958,
    },
    {
      name: "smoothed, each",
      args: ({ index }) => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        index([1, 2, 0, 2]),
        { labelSmoothing: 0.25, reduction: "none" },
      ],
      expect: [0.6727021174412782, 0.6415362014040997, 1.1943857892557275, 0.6727021174412782],
    },
    {
      name: "probabilities",
      args: () => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        [
          [0.25, 0.5, 0.25],
          [0, 0, 1],
          [0.5, 0.5, 0],
          [0.125, 0.25, 0.625],
        ],
      ],
      expect: 0.7067898897189293,
    },
    {
      name: "probabilities smoothed, each",
      args: () => [
        [
          [1, 2, 0.5],
          [-1, 0.25, 3],
          [2, 2, -4],
          [0.5, 0, 1.5],
        ],
        [
          [0.25, 0.5, 0.25],
          [0, 0, 1],
          [0.5, 0.5, 0],
          [0.125, 0.25, 0.625],
        ],
        { labelSmoothing: 0.5, reduction: "none" },
      ],
      expect: [1.1935354507746114, 1.2040362014040995, 1.6943857892557275, 1.1310354507746114],
    },
    {
      name: "K-dimensional",
      args: ({ index }) => [
        [
          [
            [1, 2],
            [3, -4],
            [0.5, 6],
          ],
          [
            [-1, 0.25],
            [2, 1],
            [0, -2],
          ],
        ],
        index([
          [0, 2],
          [1, 1],
        ]),
      ],
      expect: 0.7012252037036277,
    },
    {
      name: "K-dimensional, each",
      args: ({ index }) => [
        [
          [
            [1, 2],
            [3, -4],
            [0.5, 6],
          ],
          [
            [-1, 0.25],
            [2, 1],
            [0, -2],
          ],
        ],
        index([
          [0, 2],
          [1, 1],
        ]),
        { reduction: "none" },
      ],
      expect: [
        [2.196734096919617, 0.01819451028109497],
        [0.16984601955628548, 0.4201261880575138],
      ],
    },
    {
      name: "classes in front",
      args: ({ index }) => [
        [
          [1, -1, 2, 0.5],
          [2, 0.25, 2, 0],
          [0.5, 3, -4, 1.5],
        ],
        index([1, 2, 0, 2]),
        { dim: 0 },
      ],
      expect: 0.42553988971892925,
    },
    { name: "one row", args: ({ index }) => [[1, 2, 0.5], index(1)], expect: 0.4643687841079449 },
    {
      name: "a confident row keeps its loss",
      args: ({ index }) => [[[20, 0]], index([0])],
      expect: 2.061153620314381e-9,
      onnx: "onnxruntime gives 0",
      tolerance: { gradient: 1e-4 },
    },
    {
      name: "infinite logits",
      args: ({ index }) => [
        [
          [Infinity, 0],
          [0, Infinity],
        ],
        index([0, 0]),
        { reduction: "none" },
      ],
      expect: [0, Number.POSITIVE_INFINITY],
      gradient: "finite differences meet infinity",
      grads: [
        [
          [0, 0],
          [-1, 1],
        ],
      ],
      onnx: "onnxruntime gives NaN",
    },
    {
      name: "nothing counts",
      args: ({ index }) => [[[1, 2]], index([-100])],
      expect: Number.NaN,
      gradient: "finite differences meet NaN",
      grads: [[[0, 0]]],
      onnx: "onnxruntime gives 0",
    },
  ],
  errors: [
    {
      args: ({ index }) => [[[1, 2]], index([2])],
      error: IndexOutOfRangeError,
      message: /softmaxCrossEntropy: a target is not a class. Received 2 at position 0.*0 to 1/,
    },
    {
      args: ({ index }) => [[[1, 2]], index([0, 1])],
      error: ShapeError,
      message: /one class index for each row.*\[2\] int64.*\[1, 2\].*\[1\]/s,
    },
    { args: ({ bool }) => [[[1, 2]], bool([1])], error: DTypeError, message: /class indices or probabilities.*bool/ },
    {
      args: ({ index }) => [[[1, 2]], index([0]), { weight: [1] }],
      error: ShapeError,
      message: /one weight for each class/,
    },
    {
      args: ({ index }) => [[[1, 2]], index([0]), { labelSmoothing: 2 }],
      error: ArgumentError,
      message: /labelSmoothing/,
    },
    { args: ({ tensor, index }) => [tensor(1), index(0)], error: ShapeError, message: /dimension of classes/ },
  ],
};
