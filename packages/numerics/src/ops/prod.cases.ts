import { IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { cumprod, prod } from "./prod.ts";

export const prodCases: OpCases = {
  name: "prod",
  run: prod,
  samples: [
    {
      name: "all",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 1.40625,
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
      expect: [-1.25, -1.125],
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
      expect: [[1.5, -0.9375, -1]],
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
      expect: [81, -1344],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(3.5)], expect: 3.5 },
    { name: "nothing", args: ({ tensor }) => [tensor([], { shape: [0, 3] }), 0], expect: [1, 1, 1] },
    { name: "one zero: only its own gradient", args: () => [[2, 0, 3]], expect: 0, grads: [[0, 6, 0]] },
    { name: "two zeros", args: () => [[2, 0, 0]], expect: 0, grads: [[0, 0, 0]] },
    {
      name: "integers",
      args: ({ tensor }) => [tensor([2, 3, 4])],
      expect: 24,
      dtypes: ["int32", "int64"],
      resultDType: "int64",
    },
  ],
};

export const cumprodCases: OpCases = {
  name: "cumprod",
  run: cumprod,
  onnx: "the standard has no running product",
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
        [0.5, -0.625, -1.25],
        [3, 2.25, -1.125],
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
        [1.5, -0.9375, -1],
      ],
    },
    { name: "zeros do no harm", args: () => [[2, 0, 3, 4], 0], expect: [2, 0, 0, 0], grads: [[1, 32, 0, 0]] },
    {
      name: "integers",
      args: ({ tensor }) => [tensor([2, 3]), 0],
      expect: [2, 6],
      dtypes: ["int32"],
      resultDType: "int64",
    },
  ],
  errors: [{ args: () => [[1], 2], error: IndexOutOfRangeError, message: /cumprod.*dim 2/ }],
};
