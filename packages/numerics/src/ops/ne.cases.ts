import type { OpCases } from "../testing/cases.ts";
import { ne } from "./ne.ts";

const gradient = "a comparison is a step function";

export const cases: readonly OpCases[] = [
  {
    name: "ne",
    run: ne,
    samples: [
      {
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [true, false, true],
      },
    ],
    reference: (a, b) => (a !== b ? 1 : 0),
    gradient,
  },
  {
    name: "ne",
    run: ne,
    samples: [
      {
        name: "a literal",
        args: () => [[1, 2, 3], 2],
        expect: [true, false, true],
        dtypes: ["uint8", "int64"],
        resultDType: "bool",
      },
      { name: "bools", args: ({ bool }) => [bool([0, 1]), bool([1, 1])], expect: [true, false], dtypes: ["float32"] },
    ],
    gradient,
  },
];
