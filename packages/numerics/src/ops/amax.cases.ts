import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { amax } from "./amax.ts";

export const amaxCases: OpCases = {
  name: "amax",
  run: amax,
  samples: [
    {
      name: "all",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 3,
    },
    {
      name: "rows",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [2, 3],
    },
    {
      name: "columns, kept",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        -2,
        { keepdim: true },
      ],
      expect: [[3, 0.75, 2]],
    },
    {
      name: "the outer two of three",
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
        [0, 2],
      ],
      plain: [1],
      expect: [9, 8],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(3.5)], expect: 3.5 },
    {
      name: "NaN wins",
      args: () => [[1, NaN, 2]],
      expect: Number.NaN,
      gradient: "finite differences meet NaN",
      onnx: "onnxruntime's ReduceMax passes over NaN",
    },
    {
      name: "equals share the gradient",
      args: () => [[[2, 2, 2, 2]], 1],
      expect: [2],
      gradient: "a kink",
      grads: [[[0.25, 0.25, 0.25, 0.25]]],
    },
    {
      name: "integers",
      args: ({ tensor }) => [tensor([3, -7, 5])],
      expect: 5,
      dtypes: ["int32", "int64"],
      onnx: "integers",
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([], { shape: [0] })],
      error: ShapeError,
      message: /amax: there is no extreme of nothing/,
    },
  ],
};
