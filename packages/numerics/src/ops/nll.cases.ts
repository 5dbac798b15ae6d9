import { DTypeError, IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { nll } from "./nll.ts";

export const nllCases: OpCases = {
  name: "nll",
  run: nll,
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
      expect: -2.125,
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
      expect: -8.5,
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
      expect: [-2, -3, -2, -1.5],
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
      expect: -2.1818181818181817,
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
      expect: -2,
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
      expect: -2.5,
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
      expect: -2.125,
    },
  ],
  errors: [
    {
      args: ({ index }) => [[[1, 2]], index([5])],
      error: IndexOutOfRangeError,
      message: /nll: a target is not a class. Received 5/,
    },
    { args: ({ tensor }) => [[[1, 2]], tensor([0.5])], error: DTypeError, message: /nll.*class indices.*float32/ },
  ],
};
