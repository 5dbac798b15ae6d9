import type { OpCases } from "../testing/cases.ts";
import { fmax, fmin } from "./fmax.ts";

const { NaN: nan } = Number;

export const cases: OpCases[] = [
  {
    name: "fmax",
    run: fmax,
    samples: [
      {
        args: () => [
          [1, 2, nan, 3],
          [2, 1, 5, nan],
        ],
        expect: [2, 2, 5, 3],
        grads: [
          [0, 1, 0, 1],
          [1, 0, 1, 0],
        ],
        gradient: "NaN",
      },
      { name: "tie", args: () => [[2], [2]], expect: [2], grads: [[1], [0]], gradient: "tie" },
      {
        args: () => [
          [1, 5],
          [3, 2],
        ],
        expect: [3, 5],
        dtypes: ["int64"],
      },
    ],
    reference: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b)),
  },
  {
    name: "fmin",
    run: fmin,
    samples: [
      {
        args: () => [
          [1, 2, nan, 3],
          [2, 1, 5, nan],
        ],
        expect: [1, 1, 5, 3],
        grads: [
          [1, 0, 0, 1],
          [0, 1, 1, 0],
        ],
        gradient: "NaN",
      },
      {
        args: () => [
          [1, 5],
          [3, 2],
        ],
        expect: [1, 2],
        dtypes: ["int64"],
      },
    ],
    reference: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b)),
  },
];
