import { ArgumentError, IndexOutOfRangeError } from "../errors.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { argsort, sort, topk } from "./sort.ts";

const both = (call: () => { values: Tensor; indices: Tensor }): Tensor[] => {
  const { values, indices } = call();
  return [values, indices];
};

export const sortCases: OpCases = {
  name: "sort",
  run: (x: TensorArg, ...rest: [number?, { descending?: boolean }?]) => both(() => sort(x, ...rest)),
  samples: [
    {
      args: () => [
        [
          [3, 1, 2, 1],
          [0.5, -2, 8, -2.5],
        ],
      ],
      expect: [
        [
          [1, 1, 2, 3],
          [-2.5, -2, 0.5, 8],
        ],
        [
          [1, 3, 2, 0],
          [3, 1, 0, 2],
        ],
      ],
      gradient: "a kink",
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
        [
          [0.5, -1.25, -0.5],
          [3, 0.75, 2],
        ],
        [
          [0, 0, 1],
          [1, 1, 0],
        ],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        { descending: true },
      ],
      expect: [
        [
          [2, 0.5, -1.25],
          [3, 0.75, -0.5],
        ],
        [
          [2, 0, 1],
          [0, 1, 2],
        ],
      ],
    },
    {
      name: "NaN is greatest",
      args: () => [[2, NaN, -1]],
      expect: [
        [-1, 2, Number.NaN],
        [2, 0, 1],
      ],
      gradient: "finite differences meet NaN",
      onnx: "onnxruntime orders NaN otherwise",
    },
    {
      name: "zeros are equal",
      args: () => [[0, -0, 0]],
      expect: [
        [0, -0, 0],
        [0, 1, 2],
      ],
      gradient: "a kink",
    },
    {
      name: "integers",
      args: ({ tensor }) => [tensor([3, 1, 2])],
      expect: [
        [1, 2, 3],
        [1, 2, 0],
      ],
      dtypes: ["int32", "int64", "uint8"],
      onnx: "integers",
    },
  ],
  errors: [{ args: () => [[1], 1], error: IndexOutOfRangeError, message: /sort: dimension out of range/ }],
};

export const topkCases: OpCases = {
  name: "topk",
  run: (x: TensorArg, k: number, ...rest: [number?, { largest?: boolean }?]) => both(() => topk(x, k, ...rest)),
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        2,
      ],
      expect: [
        [
          [2, 0.5],
          [3, 0.75],
        ],
        [
          [2, 0],
          [0, 1],
        ],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        0,
        { largest: false },
      ],
      expect: [[[0.5, -1.25, -0.5]], [[0, 0, 1]]],
    },
    {
      name: "few of many",
      args: () => [[5, 1, 5, 3, 2, 5, 0, 4, 5, 1], 2],
      expect: [
        [5, 5],
        [0, 2],
      ],
      gradient: "a kink",
      onnx: "onnxruntime picks among equals as it likes",
    },
    {
      name: "of equals the first",
      args: () => [[1, 3, 3, 2], 2],
      expect: [
        [3, 3],
        [1, 2],
      ],
      gradient: "a kink",
    },
  ],
  errors: [{ args: () => [[1], 2], error: ArgumentError, message: /topk: k must lie between 0 and the size/ }],
};

export const argsortCases: OpCases = {
  name: "argsort",
  run: argsort,
  gradient: "positions move in jumps",
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: [
        [1, 0, 2],
        [2, 1, 0],
      ],
      resultDType: "int64",
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        { descending: true },
      ],
      expect: [
        [1, 1, 0],
        [0, 0, 1],
      ],
      resultDType: "int64",
    },
  ],
};
