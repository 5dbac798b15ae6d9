import { ShapeError } from "../errors.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { min } from "./min.ts";

const along = (x: TensorArg, dim: number, options?: { keepdim?: boolean }): Tensor[] => {
  const { values, indices } = min(x, dim, options);
  return [values, indices];
};

export const minCases: OpCases = {
  name: "min",
  run: along,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [
        [-1.25, -0.5],
        [1, 2],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        { keepdim: true },
      ],
      expect: [[[0.5, -1.25, -0.5]], [[0, 0, 1]]],
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
        1,
      ],
      expect: [
        [
          [1, -4],
          [-7, 6],
          [2, -1],
        ],
        [
          [0, 1],
          [1, 0],
          [1, 1],
        ],
      ],
    },
    {
      name: "the first of equals",
      args: () => [[4, 9, 9, 4], 0],
      expect: [4, 0],
      gradient: "a kink",
      grads: [[1, 0, 0, 0]],
    },
    {
      name: "NaN wins, the first one",
      args: () => [[1, NaN, 2, NaN], 0],
      expect: [Number.NaN, 1],
      gradient: "finite differences meet NaN",
      onnx: "onnxruntime ignores NaN",
    },
    {
      name: "integers",
      args: ({ tensor }) => [tensor([3, 7, 5]), 0],
      expect: [3, 0],
      dtypes: ["int32", "int64"],
      onnx: "integers",
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([], { shape: [0] }), 0],
      error: ShapeError,
      message: /min: there is no extreme of nothing/,
    },
  ],
};

export const whole: OpCases = {
  name: "min",
  run: (x: TensorArg) => min(x),
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: -1.25,
    },
  ],
};
