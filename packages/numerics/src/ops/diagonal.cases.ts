import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { diagonal } from "./diagonal.ts";

export const diagonalCases: OpCases = {
  name: "diagonal",
  run: diagonal,
  onnx: "the standard has no diagonal",
  samples: [
    {
      args: () => [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
      expect: [1, 5, 9],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        { offset: 1 },
      ],
      expect: [-1.25, -0.5],
    },
    {
      args: () => [
        [
          [
            [1, 2],
            [3, -4],
          ],
          [
            [0.5, 6],
            [-7, 8],
          ],
          [
            [9, 1.5],
            [2, -1],
          ],
        ],
        { offset: -1, dim1: 0, dim2: 2 },
      ],
      expect: [
        [0.5, 1.5],
        [-7, -1],
      ],
    },
    {
      name: "outside",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        { offset: 5 },
      ],
      expect: [],
      shape: [0],
    },
  ],
  errors: [{ args: () => [[[1]], { dim1: 1, dim2: 1 }], error: ArgumentError, message: /dim1 and dim2 must differ/ }],
};
