import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { absoluteError, huberError, smoothAbsoluteError, squaredError } from "./difference-losses.ts";

/** More than one block of the kernels. */
const long = Float64Array.from({ length: 5000 }, (_, i) => (i % 9) - 4);

export const squaredErrorCases: OpCases = {
  name: "squaredError",
  run: squaredError,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
      ],
      expect: 1.8958333333333333,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { reduction: "sum" },
      ],
      expect: 11.375,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { reduction: "none" },
      ],
      expect: [
        [0.25, 0.5625, 3.0625],
        [0.25, 1, 6.25],
      ],
    },
    {
      name: "several blocks",
      args: ({ tensor }) => [tensor(long), tensor(0.5)],
      expect: 6.918,
      gradient: "too long for finite differences",
      onnx: "checked on the short ones",
      strided: "checked on the short ones",
    },
    {
      name: "a target that stretches",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [1, 0, -1],
      ],
      expect: 2.6041666666666665,
    },
  ],
  errors: [
    { args: () => [[1], [1], { reduction: "avg" as "mean" }], error: ArgumentError, message: /unknown reduction.*avg/ },
  ],
};

export const absoluteErrorCases: OpCases = {
  name: "absoluteError",
  run: absoluteError,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
      ],
      expect: 1.1666666666666667,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { reduction: "sum" },
      ],
      expect: 7,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { reduction: "none" },
      ],
      expect: [
        [0.5, 0.75, 1.75],
        [0.5, 1, 2.5],
      ],
    },
    {
      name: "at the kink: gradient 0",
      args: () => [
        [1, 2],
        [1, 1],
      ],
      expect: 0.5,
      gradient: "a kink",
      grads: [
        [0, 0.5],
        [0, -0.5],
      ],
    },
  ],
};

export const huberErrorCases: OpCases = {
  name: "huberError",
  run: huberError,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
      ],
      expect: 0.8307291666666666,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "sum" },
      ],
      expect: 4.984375,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "none" },
      ],
      expect: [
        [0.03125, 0.3828125, 1.25],
        [0.0703125, 1.25, 2],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { delta: 0.5 },
      ],
      expect: 0.5065104166666666,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "sum", delta: 0.5 },
      ],
      expect: 3.0390625,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "none", delta: 0.5 },
      ],
      expect: [
        [0.03125, 0.3125, 0.75],
        [0.0703125, 0.75, 1.125],
      ],
    },
  ],
  errors: [{ args: () => [[1], [1], { delta: 0 }], error: ArgumentError, message: /delta must be above 0/ }],
};

export const smoothAbsoluteErrorCases: OpCases = {
  name: "smoothAbsoluteError",
  run: smoothAbsoluteError,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
      ],
      expect: 0.8307291666666666,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "sum" },
      ],
      expect: 4.984375,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "none" },
      ],
      expect: [
        [0.03125, 0.3828125, 1.25],
        [0.0703125, 1.25, 2],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { beta: 0.5 },
      ],
      expect: 1.0130208333333333,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "sum", beta: 0.5 },
      ],
      expect: 6.078125,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.75, -0.375, 0.25],
          [2.625, 2.5, -3],
        ],
        { reduction: "none", beta: 0.5 },
      ],
      expect: [
        [0.0625, 0.625, 1.5],
        [0.140625, 1.5, 2.25],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { beta: 0 },
      ],
      expect: 1.1666666666666667,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { reduction: "sum", beta: 0 },
      ],
      expect: 7,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { reduction: "none", beta: 0 },
      ],
      expect: [
        [0.5, 0.75, 1.75],
        [0.5, 1, 2.5],
      ],
    },
  ],
  errors: [{ args: () => [[1], [1], { beta: -1 }], error: ArgumentError, message: /beta must be 0 or more/ }],
};
