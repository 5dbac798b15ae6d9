import type { OpCases } from "../testing/cases.ts";
import { maximum, minimum } from "./maximum.ts";

export const cases: OpCases[] = [
  {
    name: "maximum",
    run: maximum,
    samples: [
      {
        name: "a tie",
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [2, 2, 3],
        grads: [
          [0, 0.5, 1],
          [1, 0.5, 0],
        ],
        gradient: "tie",
      },
      {
        args: () => [
          [1, 5],
          [3, 2],
        ],
        expect: [3, 5],
        dtypes: ["int32", "int64"],
      },
    ],
    reference: (a, b) => Math.max(a, b),
  },
  {
    name: "minimum",
    run: minimum,
    samples: [
      {
        name: "a tie",
        args: () => [
          [1, 2, 3],
          [2, 2, 2],
        ],
        expect: [1, 2, 2],
        grads: [
          [1, 0.5, 0],
          [0, 0.5, 1],
        ],
        gradient: "tie",
      },
      {
        args: () => [
          [1, 5],
          [3, 2],
        ],
        expect: [1, 2],
        dtypes: ["int32", "int64"],
      },
    ],
    reference: (a, b) => Math.min(a, b),
  },
];
