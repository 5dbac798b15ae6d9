import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { pow } from "./pow.ts";

// As IEEE 754 has it; JavaScript's 1 ** NaN and (-1) ** Infinity are NaN.
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
}

const tensors: OpCases = {
  name: "pow",
  run: pow,
  samples: [
    {
      args: () => [
        [2, 0.5, 3],
        [3, -2, 0],
      ],
      expect: [8, 4, 1],
    },
  ],
  reference: power,
  domain: [
    [0.2, 3],
    [-3, 3],
  ],
};

const literals: OpCases = {
  name: "pow",
  run: pow,
  samples: [
    { args: () => [[2, 3, -1.5], 2], expect: [4, 9, 2.25], grads: [[4, 6, -3]] },
    { args: () => [[4, 2], 1.5], expect: [8, 2 ** 1.5] },
    { args: () => [2, [3, 0.5]], expect: [8, Math.SQRT2] },
    {
      name: "negative base",
      args: () => [[-2, -2], 3],
      expect: [-8, -8],
      grads: [[12, 12]],
      secondGradient: "the exponent's logarithm is NaN beside it",
    },
    { args: () => [[2, -3, 7], 3], expect: [8, -27, 343], dtypes: ["int32", "int64"] },
  ],
  errors: [{ args: ({ index }) => [index([2]), -1], error: ArgumentError, message: /negative power/ }],
};

export const cases: readonly OpCases[] = [tensors, literals];
