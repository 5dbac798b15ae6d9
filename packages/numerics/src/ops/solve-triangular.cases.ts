import { DTypeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { solveTriangular } from "./solve-triangular.ts";

export const cases: OpCases = {
  name: "solveTriangular",
  run: solveTriangular,
  onnx: "ONNX solves no systems of equations",
  samples: [
    {
      name: "from the right",
      args: () => [
        [
          [2, 7],
          [1, 4],
        ],
        [
          [4, 8],
          [1, -4],
        ],
        { left: false },
      ],
      expect: [
        [1, 2],
        [1, -1],
      ],
    },
    {
      name: "lower",
      args: () => [
        [
          [2, 7],
          [1, 4],
        ],
        [
          [2, 4],
          [9, -6],
        ],
      ],
      expect: [
        [1, 2],
        [2, -2],
      ],
    },
    {
      name: "upper",
      args: () => [
        [
          [2, 1, -1],
          [5, 4, 2],
          [5, 5, 8],
        ],
        [[3], [14], [24]],
        { upper: true },
      ],
      expect: [[2], [2], [3]],
    },
    {
      name: "ones on the diagonal",
      args: () => [
        [
          [9, 7],
          [3, 9],
        ],
        [
          [2, 1],
          [9, 4],
        ],
        { unitriangular: true },
      ],
      expect: [
        [2, 1],
        [3, 1],
      ],
    },
    {
      name: "upper, ones on the diagonal",
      args: () => [
        [
          [9, 3],
          [7, 9],
        ],
        [[5], [2]],
        { upper: true, unitriangular: true },
      ],
      expect: [[-1], [2]],
    },
    {
      name: "one matrix for a batch",
      args: () => [
        [
          [2, 0],
          [1, 4],
        ],
        [
          [[2], [9]],
          [[4], [-6]],
        ],
      ],
      expect: [
        [[1], [2]],
        [[2], [-2]],
      ],
    },
    {
      name: "no columns",
      args: ({ tensor }) => [tensor([[2]]), tensor([], { shape: [1, 0] })],
      shape: [1, 0],
      gradient: "empty",
    },
    {
      name: "a zero on the diagonal",
      args: () => [
        [
          [0, 0],
          [1, 1],
        ],
        [[1], [1]],
      ],
      expect: [[Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]],
      gradient: "infinite",
    },
  ],
  errors: [
    {
      args: () => [[[1]], [[1], [2]]],
      error: ShapeError,
      message: /solveTriangular: sizes do not fit.*a \[1, 1\] and b \[2, 1\]/,
    },
    { args: () => [[[1, 2]], [[1]]], error: ShapeError, message: /solveTriangular: matrices must be square.*\[1, 2\]/ },
    { args: () => [[[1]], [1]], error: ShapeError, message: /solveTriangular: takes matrices.*\[1\]/ },
    {
      args: ({ tensor }) => [tensor([[1]]), tensor([[1]], { dtype: "float64" })],
      error: DTypeError,
      message: /solveTriangular: element types differ.*float32 and float64/,
    },
  ],
};
