import type { OpCases } from "../testing/cases.ts";
import { logicalAnd, logicalNot, logicalOr, logicalXor } from "./logical.ts";

const gradient = "truth values are steps";

export const cases: OpCases[] = [
  {
    name: "logicalAnd",
    run: logicalAnd,
    samples: [
      {
        args: () => [
          [0, 0, 2, 3],
          [0, 1, 0, -1],
        ],
        expect: [false, false, false, true],
      },
    ],
    gradient,
  },
  {
    name: "logicalOr",
    run: logicalOr,
    samples: [
      {
        args: () => [
          [0, 0, 2, 3],
          [0, 1, 0, -1],
        ],
        expect: [false, true, true, true],
      },
    ],
    gradient,
  },
  {
    name: "logicalXor",
    run: logicalXor,
    samples: [
      {
        args: () => [
          [0, 0, 2, 3],
          [0, 1, 0, -1],
        ],
        expect: [false, true, true, false],
      },
    ],
    gradient,
  },
  {
    name: "logicalNot",
    run: logicalNot,
    samples: [{ args: () => [[0, 2, Number.NaN]], expect: [true, false, false] }],
    gradient,
  },
];
