import { IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { cumsum } from "./cumsum.ts";

export const cumsumCases: OpCases = {
  name: "cumsum",
  run: cumsum,
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
        [0.5, -0.75, 1.25],
        [3, 3.75, 3.25],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
      ],
      expect: [
        [0.5, -1.25, 2],
        [3.5, -0.5, 1.5],
      ],
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
          [1, 2],
          [4, -2],
        ],
        [
          [0.5, 6],
          [-6.5, 14],
        ],
        [
          [9, 1.5],
          [11, 0.5],
        ],
      ],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(2.5), 0], expect: 2.5 },
    {
      name: "integers",
      args: ({ tensor }) => [tensor([2, 3]), 0],
      expect: [2, 5],
      dtypes: ["int32"],
      resultDType: "int64",
      onnx: "integers",
    },
  ],
  errors: [{ args: () => [[1], 2], error: IndexOutOfRangeError, message: /cumsum.*dim 2/ }],
};
