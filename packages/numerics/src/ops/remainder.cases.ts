import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { fmod, remainder } from "./remainder.ts";

function floored(a: number, b: number): number {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}

const gradient = "jumps at multiples";

export const cases: OpCases[] = [
  {
    name: "fmod",
    run: fmod,
    samples: [
      {
        args: () => [
          [7, -7, 5.5],
          [3, 3, -2],
        ],
        expect: [1, -1, 1.5],
        grads: [
          [1, 1, 1],
          [-2, 2, 2],
        ],
      },
      {
        args: () => [
          [7, -7, 5],
          [3, 3, -3],
        ],
        expect: [1, -1, 2],
        dtypes: ["int32", "int64"],
      },
    ],
    errors: [{ args: ({ index }) => [index([1]), 0], error: ArgumentError, message: /fmod: .*divided by zero/ }],
    reference: (a, b) => a % b,
    gradient,
  },
  {
    name: "remainder",
    run: remainder,
    samples: [
      {
        args: () => [
          [7, -7, 5.5],
          [3, 3, -2],
        ],
        expect: [1, 2, -0.5],
        grads: [
          [1, 1, 1],
          [-2, 3, 3],
        ],
      },
      {
        args: () => [
          [7, -7, 5],
          [3, 3, -3],
        ],
        expect: [1, 2, -1],
        dtypes: ["int32", "int64"],
      },
    ],
    errors: [{ args: ({ index }) => [index([1]), 0], error: ArgumentError, message: /remainder: .*divided by zero/ }],
    reference: floored,
    gradient,
  },
];
