import { ArgumentError, DTypeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { cholesky } from "./cholesky.ts";

// Matrices made of integer factors: their Cholesky factors are exact.
export const cases: OpCases = {
  name: "cholesky",
  run: cholesky,
  onnx: "ONNX has no factorization of matrices",
  samples: [
    {
      args: () => [
        [
          [4, 2],
          [2, 5],
        ],
      ],
      expect: [
        [2, 0],
        [1, 2],
      ],
    },
    {
      args: () => [
        [
          [4, -2, 6],
          [-2, 10, 3],
          [6, 3, 26],
        ],
      ],
      expect: [
        [2, 0, 0],
        [-1, 3, 0],
        [3, 2, Math.sqrt(13)],
      ],
    },
    {
      name: "upper",
      args: () => [
        [
          [4, 2],
          [2, 5],
        ],
        { upper: true },
      ],
      expect: [
        [2, 1],
        [0, 2],
      ],
    },
    {
      name: "a batch",
      args: () => [
        [
          [
            [4, 2],
            [2, 5],
          ],
          [
            [9, 0],
            [0, 0.25],
          ],
        ],
      ],
      expect: [
        [
          [2, 0],
          [1, 2],
        ],
        [
          [3, 0],
          [0, 0.5],
        ],
      ],
    },
    {
      name: "not symmetric: the mean with its transpose",
      args: () => [
        [
          [4, 1],
          [3, 5],
        ],
      ],
      expect: [
        [2, 0],
        [1, 2],
      ],
    },
    { name: "one number", args: () => [[[2]]], expect: [[Math.SQRT2]], grads: [[[1 / (2 * Math.SQRT2)]]] },
    {
      name: "nearly singular",
      args: () => [
        [
          [1, 1],
          [1, 1 + 2 ** -22],
        ],
      ],
      expect: [
        [1, 0],
        [1, 2 ** -11],
      ],
      gradient: "finite differences step out of the positive definite matrices",
    },
    {
      name: "no matrices",
      args: ({ tensor }) => [tensor([], { shape: [0, 2, 2] })],
      shape: [0, 2, 2],
      gradient: "empty",
    },
  ],
  errors: [
    {
      args: () => [
        [
          [1, 2],
          [2, 1],
        ],
      ],
      error: ArgumentError,
      message: /cholesky: a matrix is not positive definite.*pivot -3 in row 1.*above 0/,
    },
    {
      args: () => [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
      error: ShapeError,
      message: /cholesky: matrices must be square.*\[2, 3\]/,
    },
    { args: () => [[1, 2]], error: ShapeError, message: /cholesky: takes matrices.*\[2\]/ },
    {
      args: ({ index }) => [index([[1]])],
      error: DTypeError,
      message: /cholesky: takes floating elements/,
    },
  ],
};
