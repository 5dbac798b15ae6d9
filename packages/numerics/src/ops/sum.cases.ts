import { ArgumentError, IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { sum } from "./sum.ts";

/** Enough for several blocks and threads; every partial sum is exact. */
const long = Float64Array.from({ length: 300_000 }, (_, i) => (i % 7) - 2.5);

export const sumCases: OpCases = {
  name: "sum",
  run: sum,
  samples: [
    {
      name: "all",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 4.5,
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
      expect: [1.25, 3.25],
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
      expect: [[3.5, -0.5, 1.5]],
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
      expect: [20, 1],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(3.5)], expect: 3.5 },
    { name: "nothing", args: ({ tensor }) => [tensor([], { shape: [0, 3] }), 0], expect: [0, 0, 0] },
    {
      name: "long, through threads",
      args: ({ tensor }) => [tensor(long)],
      expect: 149997,
      gradient: "too long for finite differences",
      onnx: "another order of additions",
      strided: "checked on the short ones",
    },
    {
      name: "float32 does not lose what float64 keeps",
      args: ({ tensor }) => [tensor([1e8, 1, -1e8])],
      expect: 1,
      onnx: "onnxruntime accumulates in float32",
    },
    {
      name: "integers",
      args: ({ tensor }) => [
        tensor([
          [1, 2],
          [3, 4],
        ]),
        0,
      ],
      expect: [4, 6],
      dtypes: ["int32", "uint8", "int64"],
      resultDType: "int64",
      onnx: "integers",
    },
    { name: "bool counts", args: ({ bool }) => [bool([1, 0, 1])], expect: 2, dtypes: ["bool"], resultDType: "int64" },
  ],
  errors: [
    { args: () => [[1, 2], 1], error: IndexOutOfRangeError, message: /sum: dimension out of range.*dim 1 for 1/ },
    { args: () => [[[1]], [0, 0]], error: ArgumentError, message: /sum.*twice/, plain: [1] },
  ],
};
