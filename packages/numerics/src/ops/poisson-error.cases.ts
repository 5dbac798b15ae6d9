import type { OpCases } from "../testing/cases.ts";
import { poissonError } from "./poisson-error.ts";

const X = [
  [0.5, -1.25, 2],
  [3, 0.75, -0.5],
];
const RATES = [
  [0.5, 1.25, 2],
  [3, 0.75, 0.125],
];
const COUNTS = [
  [1, 0, 2.5],
  [20, 3, 0.25],
];

// Values: the formulas in Python's float64.
export const cases: OpCases = {
  name: "poissonError",
  run: poissonError,
  samples: [
    { args: () => [X, COUNTS], expect: -5.915275038999343 },
    { args: () => [X, COUNTS, { reduction: "sum" }], expect: -35.491650233996054 },
    {
      args: () => [X, COUNTS, { reduction: "none" }],
      expect: [
        [1.1487212707001282, 0.2865047968601901, 2.3890560989306504],
        [-39.91446307681233, -0.13299998338732522, 0.7315306597126334],
      ],
    },
    { args: () => [RATES, COUNTS, { logInput: false }], expect: -2.334010016765579 },
    {
      args: () => [RATES, COUNTS, { logInput: false, eps: 0.5, reduction: "none" }],
      expect: [
        [0.5, 1.25, -0.29072682968538777],
        [-22.05525936990736, 0.08056934605737065, 0.2425009073114339],
      ],
    },
    {
      name: "infinite logarithms",
      args: () => [[-Infinity, -Infinity, Infinity], [0, 2, 3], { reduction: "none" }],
      expect: [0, Infinity, Infinity],
      onnx: "infinity - infinity",
      gradient: "finite differences meet infinity",
      grads: [
        [0, -2, Infinity],
        [Infinity, Infinity, -Infinity],
      ],
    },
    {
      name: "the edges of rates",
      args: () => [[0, 0, Infinity], [0, 2, 3], { reduction: "none", logInput: false, eps: 0 }],
      expect: [0, Infinity, Infinity],
      gradient: "finite differences meet infinity",
      onnx: "infinity - infinity",
    },
    {
      name: "a negative rate",
      args: () => [[-1, -1], [0, 1], { reduction: "none", logInput: false }],
      expect: [NaN, NaN],
      gradient: "outside the domain",
      onnx: "0 there where there are no events",
    },
  ],
};
