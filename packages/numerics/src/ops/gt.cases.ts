import type { OpCases } from "../testing/cases.ts";
import { gt } from "./gt.ts";

const gradient = "a comparison is a step function";

export const cases: readonly OpCases[] = [
  {
    name: "gt",
    run: gt,
    samples: [
      {
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [false, false, true],
      },
    ],
    reference: (a, b) => (a > b ? 1 : 0),
    gradient,
  },
  {
    name: "gt",
    run: gt,
    samples: [
      {
        name: "a literal",
        args: () => [[1, 2, 3], 2],
        expect: [false, false, true],
        dtypes: ["uint8", "int64"],
        resultDType: "bool",
      },
      { name: "bools", args: ({ bool }) => [bool([0, 1]), bool([1, 1])], expect: [false, false], dtypes: ["float32"] },
    ],
    gradient,
  },
];
