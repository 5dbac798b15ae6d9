import { DTypeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { mean } from "./mean.ts";

export const meanCases: OpCases = {
  name: "mean",
  run: mean,
  samples: [
    {
      name: "all",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 0.75,
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
      expect: [0.4166666666666667, 1.0833333333333333],
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
      expect: [[1.75, -0.25, 0.75]],
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
      expect: [3.3333333333333335, 0.16666666666666666],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(3.5)], expect: 3.5 },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0, 3] }), 0],
      expect: [Number.NaN, Number.NaN, Number.NaN],
      gradient: "nothing to differentiate",
      onnx: "onnxruntime's ReduceMean of nothing is 0",
    },
  ],
  errors: [{ args: ({ index }) => [index([1, 2])], error: DTypeError, message: /mean.*floating.*int64/ }],
};
