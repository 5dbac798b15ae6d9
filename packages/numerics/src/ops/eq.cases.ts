import type { OpCases } from "../testing/cases.ts";
import { eq } from "./eq.ts";

const gradient = "a comparison is a step function";

export const cases: readonly OpCases[] = [
  {
    name: "eq",
    run: eq,
    samples: [
      {
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [false, true, false],
      },
    ],
    reference: (a, b) => (a === b ? 1 : 0),
    gradient,
  },
  {
    name: "eq",
    run: eq,
    samples: [
      {
        name: "a literal",
        args: () => [[1, 2, 3], 2],
        expect: [false, true, false],
        dtypes: ["uint8", "int64"],
        resultDType: "bool",
      },
      { name: "bools", args: ({ bool }) => [bool([0, 1]), bool([1, 1])], expect: [false, true], dtypes: ["float32"] },
    ],
    gradient,
  },
];
