import { DTypeError, IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { logcumsumexp } from "./logcumsumexp.ts";

const INF = Number.POSITIVE_INFINITY;
const lse = (...x: number[]) => Math.max(...x) + Math.log(x.reduce((s, v) => s + Math.exp(v - Math.max(...x)), 0));

export const logcumsumexpCases: OpCases = {
  name: "logcumsumexp",
  run: logcumsumexp,
  tolerance: { float64: 1e-14 },
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
        [0.5, lse(0.5, -1.25), lse(0.5, -1.25, 2)],
        [3, lse(3, 0.75), lse(3, 0.75, -0.5)],
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
        ],
        -2,
        { reverse: true },
      ],
      expect: [
        [
          [lse(1, 3), lse(2, -4)],
          [3, -4],
        ],
        [
          [lse(0.5, -7), lse(6, 8)],
          [-7, 8],
        ],
      ],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(2.5), 0], expect: 2.5 },
    { name: "nothing", args: ({ tensor }) => [tensor([], { shape: [2, 0] }), 1], shape: [2, 0] },
    {
      name: "large and small",
      args: () => [[1000, 980, 1000, -1000, 2000], 0],
      expect: [1000, 1000 + Math.log1p(Math.exp(-20)), lse(1000, 980, 1000), lse(1000, 980, 1000), 2000],
      gradient: "steps are lost in 2000",
      // Column sums of e^(x_i - y_j); of the first three sums each holds e^-20 of the second element.
      grads: [
        [
          1 + 1 / (1 + Math.exp(-20)) + 2 / (2 + Math.exp(-20)),
          Math.exp(-20) / (1 + Math.exp(-20)) + (2 * Math.exp(-20)) / (2 + Math.exp(-20)),
          2 / (2 + Math.exp(-20)),
          0,
          1,
        ],
      ],
    },
    {
      name: "a confident sum keeps the others",
      args: () => [[0, -50], 0],
      expect: [0, Math.log1p(Math.exp(-50))],
      gradient: "too small for differences",
      grads: [[2, Math.exp(-50)]],
      onnx: "onnxruntime adds e^-50 to 1 in float32",
    },
    {
      name: "infinities",
      args: () => [
        [
          [-INF, -INF, 1, 2],
          [1, INF, INF, 0],
        ],
        1,
      ],
      expect: [
        [-INF, -INF, 1, lse(1, 2)],
        [1, INF, INF, INF],
      ],
      gradient: "finite differences meet infinity",
      grads: [
        [
          [0, 0, 1 + 1 / (1 + Math.E), Math.E / (1 + Math.E)],
          [1, 2, 1, 0],
        ],
      ],
      onnx: "infinity - infinity",
    },
    {
      name: "NaN",
      args: () => [[1, Number.NaN, 2], 0],
      expect: [1, Number.NaN, Number.NaN],
      gradient: "finite differences meet NaN",
    },
  ],
  errors: [
    { args: () => [[1], 2], error: IndexOutOfRangeError, message: /logcumsumexp.*dim 2/ },
    { args: ({ index }) => [index([1]), 0], error: DTypeError, message: /logcumsumexp.*int64/ },
  ],
};
