import type { DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor } from "./bitwise.ts";

const dtypes: readonly DType[] = ["uint8", "int32", "int64"];
const gradient = "whole numbers";
const errors = [{ args: () => [[0.5], [1.5]], error: DTypeError, message: /bits of whole numbers/ }];

export const cases: OpCases[] = [
  {
    name: "bitwiseAnd",
    run: bitwiseAnd,
    samples: [
      {
        args: () => [
          [12, 7],
          [10, 1],
        ],
        expect: [8, 1],
        dtypes,
      },
    ],
    errors,
    gradient,
  },
  {
    name: "bitwiseOr",
    run: bitwiseOr,
    samples: [
      {
        args: () => [
          [12, 7],
          [10, 8],
        ],
        expect: [14, 15],
        dtypes,
      },
    ],
    errors,
    gradient,
  },
  {
    name: "bitwiseXor",
    run: bitwiseXor,
    samples: [
      {
        args: () => [
          [12, 7],
          [10, 7],
        ],
        expect: [6, 0],
        dtypes,
      },
    ],
    errors,
    gradient,
  },
  {
    name: "bitwiseNot",
    run: bitwiseNot,
    samples: [
      { args: () => [[0, 5]], expect: [-1, -6], dtypes: ["int32", "int64"] },
      { args: ({ bool }) => [bool([1, 0])], expect: [false, true], dtypes: ["float32"], resultDType: "bool" },
    ],
    errors: [{ args: () => [[0.5]], error: DTypeError, message: /bits of whole numbers/ }],
    gradient,
  },
];
