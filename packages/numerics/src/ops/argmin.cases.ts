import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { argmin } from "./argmin.ts";

export const argminCases: OpCases = {
  name: "argmin",
  run: argmin,
  gradient: "a position moves in jumps",
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 1,
      resultDType: "int64",
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [1, 2],
      resultDType: "int64",
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
      expect: [[0, 0, 1]],
      resultDType: "int64",
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
        -2,
      ],
      expect: [
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      resultDType: "int64",
    },
    { name: "the first of equals", args: () => [[4, 9, 9, 4]], expect: 0, resultDType: "int64" },
    {
      name: "NaN before all",
      args: () => [[1, NaN, 2]],
      expect: 1,
      resultDType: "int64",
      onnx: "onnxruntime ignores NaN",
    },
    { name: "a scalar", args: () => [2.5], expect: 0, resultDType: "int64" },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([], { shape: [0] })],
      error: ShapeError,
      message: /argmin: there is no extreme of nothing/,
    },
  ],
};
