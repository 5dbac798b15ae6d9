import type { OpCases } from "../testing/cases.ts";
import { ge } from "./ge.ts";

const gradient = "a comparison is a step function";

export const cases: readonly OpCases[] = [
  {
    name: "ge",
    run: ge,
    samples: [
      {
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [false, true, true],
      },
    ],
    reference: (a, b) => (a >= b ? 1 : 0),
    gradient,
  },
  {
    name: "ge",
    run: ge,
    samples: [
      {
        name: "a literal",
        args: () => [[1, 2, 3], 2],
        expect: [false, true, true],
        dtypes: ["uint8", "int64"],
        resultDType: "bool",
      },
      { name: "bools", args: ({ bool }) => [bool([0, 1]), bool([1, 1])], expect: [false, true], dtypes: ["float32"] },
    ],
    gradient,
  },
];
