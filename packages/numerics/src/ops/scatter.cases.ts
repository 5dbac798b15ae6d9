import { IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { scatter, scatterAdd } from "./scatter.ts";

export const scatterCases: OpCases = {
  name: "scatter",
  run: scatter,
  samples: [
    {
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        index([
          [2, 0],
          [1, 2],
        ]),
        [
          [10, 20],
          [30, 40],
        ],
      ],
      expect: [
        [20, -1.25, 10],
        [3, 30, 40],
      ],
    },
    {
      name: "a number",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        index([[1, 0, 1]]),
        7,
      ],
      expect: [
        [0.5, 7, 2],
        [7, 0.75, 7],
      ],
    },
    {
      name: "a source greater than the index",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        index([[0], [2]]),
        [
          [10, 20],
          [30, 40],
        ],
      ],
      expect: [
        [10, -1.25, 2],
        [3, 0.75, 30],
      ],
      onnx: "the standard wants one size",
    },
    {
      name: "added",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        index([
          [0, 0],
          [2, 1],
        ]),
        [
          [10, 20],
          [30, 40],
        ],
        { reduce: "add" },
      ],
      expect: [
        [30.5, -1.25, 2],
        [3, 40.75, 29.5],
      ],
    },
    {
      name: "multiplied",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        index([
          [0, 1],
          [2, 1],
        ]),
        [
          [2, 3],
          [4, 5],
        ],
        { reduce: "multiply" },
      ],
      expect: [
        [1, -3.75, 2],
        [3, 3.75, -2],
      ],
    },
  ],
  errors: [
    {
      args: ({ index }) => [[1, 2], 0, index([5]), [1]],
      error: IndexOutOfRangeError,
      message: /scatter: index out of range. Received 5/,
    },
    {
      args: ({ index }) => [[1, 2], 0, index([0, 1]), [1]],
      error: ShapeError,
      message: /scatter: the source does not cover the index/,
    },
  ],
};

export const scatterAddCases: OpCases = {
  name: "scatterAdd",
  run: scatterAdd,
  samples: [
    {
      name: "indices repeat",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        index([
          [0, 0],
          [2, 1],
        ]),
        [
          [10, 20],
          [30, 40],
        ],
      ],
      expect: [
        [30.5, -1.25, 2],
        [3, 40.75, 29.5],
      ],
    },
    {
      name: "integers",
      args: ({ tensor, index }) => [tensor([1, 2]), 0, index([1, 1]), tensor([5, 6])],
      expect: [1, 13],
      dtypes: ["int32", "int64"],
    },
  ],
};
