import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { binaryEntropy, binaryEntropyWithLogits, divergenceError, softMarginError } from "./entropy-losses.ts";

export const binaryEntropyWithLogitsCases: OpCases = {
  name: "binaryEntropyWithLogits",
  run: binaryEntropyWithLogits,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
      ],
      expect: 0.8354115697395335,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { reduction: "sum" },
      ],
      expect: 5.012469418437201,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { reduction: "none" },
      ],
      expect: [
        [0.4740769841801067, 0.25192908134537295, 1.1269280110429727],
        [2.298587351573742, 0.3868710061149, 0.4740769841801067],
      ],
    },
    {
      name: "a weight for the positive class",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { posWeight: Float64Array.of(2, 0.5, 4) },
      ],
      expect: 0.9159416256696252,
      dtypes: ["float64"],
    },
    {
      name: "right and confident",
      args: () => [
        [-1000, 1000],
        [0, 1],
      ],
      expect: 0,
    },
    {
      name: "infinite logits",
      args: () => [[Infinity, -Infinity], [1, 1], { reduction: "none" }],
      expect: [0, Number.POSITIVE_INFINITY],
      gradient: "finite differences meet infinity",
      grads: [
        [0, -1],
        [-Infinity, Infinity],
      ],
      onnx: "0 times infinity",
    },
  ],
  errors: [
    { args: () => [[1], [1], { reduction: "avg" as "mean" }], error: ArgumentError, message: /unknown reduction.*avg/ },
  ],
};

export const binaryEntropyCases: OpCases = {
  name: "binaryEntropy",
  run: binaryEntropy,
  samples: [
    {
      args: () => [
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
      ],
      expect: 0.5775017252916288,
    },
    {
      args: () => [
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { reduction: "sum" },
      ],
      expect: 3.465010351749773,
    },
    {
      args: () => [
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { reduction: "none" },
      ],
      expect: [
        [Math.LN2, 0.2876820724517809, 1.1064864671521792],
        [0.6200089298883509, 0.2876820724517809, 0.4700036292457356],
      ],
    },
    {
      args: () => [
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { clampLog: false },
      ],
      expect: 0.5775017252916288,
    },
    {
      args: () => [
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { reduction: "sum", clampLog: false },
      ],
      expect: 3.465010351749773,
    },
    {
      args: () => [
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        [
          [1, 0, 0.5],
          [0.25, 1, 0],
        ],
        { reduction: "none", clampLog: false },
      ],
      expect: [
        [Math.LN2, 0.2876820724517809, 1.1064864671521792],
        [0.6200089298883509, 0.2876820724517809, 0.4700036292457356],
      ],
    },
    {
      name: "logarithms are kept at -100",
      args: () => [[0, 1], [1, 1], { reduction: "none" }],
      expect: [100, 0],
      gradient: "a kink",
    },
    {
      name: "or not",
      args: () => [[0, 1], [1, 1], { reduction: "none", clampLog: false }],
      expect: [Number.POSITIVE_INFINITY, 0],
      gradient: "finite differences meet infinity",
      onnx: "0 times infinity",
    },
  ],
};

export const divergenceErrorCases: OpCases = {
  name: "divergenceError",
  run: divergenceError,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
      ],
      expect: -0.6818316443391025,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        { reduction: "sum" },
      ],
      expect: -4.090989866034615,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.5, 0.25, 0.875],
          [0.125, 0.75, 0.375],
        ],
        { reduction: "none" },
      ],
      expect: [
        [-0.5965735902799727, -0.03407359027997264, -1.8668399685464574],
        [-0.6349301927099795, -0.7782615543388357, -0.18031096987939732],
      ],
    },
    {
      name: "a target of logarithms",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -0.5, 0.25],
          [2.5, 1.75, -3],
        ],
        { logTarget: true },
      ],
      expect: -0.1490195909092026,
    },
    {
      name: "where the target is 0",
      args: () => [[-1, -Infinity], [0, 0], { reduction: "none" }],
      expect: [0, 0],
      gradient: "finite differences meet infinity",
    },
  ],
};

export const softMarginErrorCases: OpCases = {
  name: "softMarginError",
  run: softMarginError,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -1, 1],
          [-1, -1, 1],
        ],
      ],
      expect: 1.0020782364062002,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -1, 1],
          [-1, -1, 1],
        ],
        { reduction: "sum" },
      ],
      expect: 6.012469418437201,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [1, -1, 1],
          [-1, -1, 1],
        ],
        { reduction: "none" },
      ],
      expect: [
        [0.4740769841801067, 0.25192908134537295, 0.1269280110429726],
        [3.048587351573742, 1.1368710061148999, 0.9740769841801067],
      ],
    },
    { name: "no overflow", args: () => [[-1000, 1000], [1, 1], { reduction: "none" }], expect: [1000, 0] },
  ],
};
