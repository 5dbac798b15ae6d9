import { DTypeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { std, variance } from "./var.ts";

export const varianceCases: OpCases = {
  name: "variance",
  run: variance,
  also: ["var"],
  tolerance: { gradient: 1e-4 },
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 2.45,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [2.6458333333333335, 3.1458333333333335],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        { correction: 0, keepdim: true },
      ],
      expect: [[1.5625, 1, 1.5625]],
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
        [0, 2],
      ],
      plain: [1],
      expect: [11.566666666666666, 28.566666666666663],
    },
    {
      name: "a great mean does not cancel",
      args: () => [[100000.5, 100001.5, 100002.5]],
      expect: 1,
      onnx: "onnxruntime computes in float32",
      gradient: "finite differences lose too many digits",
    },
    {
      name: "one element",
      args: () => [[4]],
      expect: Number.NaN,
      gradient: "NaN",
      onnx: "division by 0 in a constant",
    },
  ],
  errors: [{ args: ({ index }) => [index([1, 2])], error: DTypeError, message: /var.*floating.*int64/ }],
};

export const stdCases: OpCases = {
  name: "std",
  run: std,
  tolerance: { gradient: 1e-4 },
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 1.5652475842498528,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [1.626601774661928, 1.773649721149397],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        { correction: 0, keepdim: true },
      ],
      expect: [[1.25, 1, 1.25]],
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
        [0, 2],
      ],
      plain: [1],
      expect: [3.4009802508492557, 5.344779384283945],
    },
    { name: "no spread: gradient 0", args: () => [[3, 3, 3]], expect: 0, gradient: "a kink", grads: [[0, 0, 0]] },
  ],
};
