import type { OpCases } from "../testing/cases.ts";
import { xlog1py, xlogy } from "./xlogy.ts";

export const cases: OpCases[] = [
  {
    name: "xlogy",
    run: xlogy,
    samples: [
      {
        args: () => [
          [2, -1, 0],
          [3, 0.5, 2],
        ],
        expect: [2 * Math.log(3), Math.LN2, 0],
      },
    ],
    reference: (a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b)),
    domain: [
      [-3, 3],
      [0.2, 3],
    ],
  },
  {
    name: "xlog1py",
    run: xlog1py,
    samples: [
      {
        args: () => [
          [2, -1, 0],
          [2, -0.5, 2],
        ],
        expect: [2 * Math.log(3), Math.LN2, 0],
      },
    ],
    reference: (a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log1p(b)),
    domain: [
      [-3, 3],
      [-0.8, 3],
    ],
  },
];
