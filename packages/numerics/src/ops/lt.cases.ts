import type { OpCases } from "../testing/cases.ts";
import { lt } from "./lt.ts";

const gradient = "a comparison is a step function";

export const cases: readonly OpCases[] = [
  {
    name: "lt",
    run: lt,
    samples: [
      {
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [true, false, false],
      },
    ],
    reference: (a, b) => (a < b ? 1 : 0),
    gradient,
  },
  {
    name: "lt",
    run: lt,
    samples: [
      {
        name: "a literal",
        args: () => [[1, 2, 3], 2],
        expect: [true, false, false],
        dtypes: ["uint8", "int64"],
        resultDType: "bool",
      },
      { name: "bools", args: ({ bool }) => [bool([0, 1]), bool([1, 1])], expect: [true, false], dtypes: ["float32"] },
    ],
    gradient,
  },
];
