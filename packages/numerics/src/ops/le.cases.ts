import type { OpCases } from "../testing/cases.ts";
import { le } from "./le.ts";

const gradient = "a comparison is a step function";

export const cases: readonly OpCases[] = [
  {
    name: "le",
    run: le,
    samples: [
      {
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [true, true, false],
      },
    ],
    reference: (a, b) => (a <= b ? 1 : 0),
    gradient,
  },
  {
    name: "le",
    run: le,
    samples: [
      {
        name: "a literal",
        args: () => [[1, 2, 3], 2],
        expect: [true, true, false],
        dtypes: ["uint8", "int64"],
        resultDType: "bool",
      },
      { name: "bools", args: ({ bool }) => [bool([0, 1]), bool([1, 1])], expect: [true, true], dtypes: ["float32"] },
    ],
    gradient,
  },
];
