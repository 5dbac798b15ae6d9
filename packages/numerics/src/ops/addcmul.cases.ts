import type { OpCases } from "../testing/cases.ts";
import { addcdiv, addcmul } from "./addcmul.ts";

export const cases: OpCases[] = [
  {
    name: "addcmul",
    run: addcmul,
    samples: [
      {
        args: () => [
          [2, 3],
          [4, 5],
          [6, 7],
        ],
        expect: [26, 38],
        dtypes: ["int64"],
      },
      {
        args: () => [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        expect: [16, 26],
      },
      {
        args: () => [[1, 2], [[3], [4]], 2, { value: 0.5 }],
        expect: [
          [4, 5],
          [5, 6],
        ],
      },
    ],
  },
  {
    name: "addcdiv",
    run: addcdiv,
    samples: [{ args: () => [[1, 2], [3, 4], [2, 8], { value: 2 }], expect: [4, 3] }],
  },
];
