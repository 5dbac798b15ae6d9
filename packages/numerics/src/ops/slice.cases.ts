import { ArgumentError, IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { narrow, select, slice } from "./slice.ts";

const rows = [
  [0, 1, 2, 3],
  [4, 5, 6, 7],
];

export const sliceCases: OpCases = {
  name: "slice",
  run: slice,
  samples: [
    {
      args: () => [rows, 1, { start: 1, end: 3 }],
      expect: [
        [1, 2],
        [5, 6],
      ],
    },
    {
      name: "from the end",
      args: () => [rows, 1, { start: -2 }],
      expect: [
        [2, 3],
        [6, 7],
      ],
    },
    {
      name: "every second",
      args: () => [rows, 1, { step: 2 }],
      expect: [
        [0, 2],
        [4, 6],
      ],
    },
    { name: "past the end", args: () => [rows, 0, { start: 1, end: 9 }], expect: [[4, 5, 6, 7]] },
    { name: "nothing left", args: () => [rows, 1, { start: 3, end: 1 }], expect: [[], []] },
    { name: "integers", args: () => [[1, 2, 3], 0, { start: 1 }], expect: [2, 3], dtypes: ["int64", "uint8"] },
  ],
  errors: [
    {
      args: () => [[1, 2], 0, { step: -1 }],
      error: ArgumentError,
      message: /slice: the step must be a whole number of 1 or more.*-1.*flip/,
    },
    { args: () => [[1, 2], 1], error: IndexOutOfRangeError, message: /slice: dimension out of range/ },
  ],
};

export const narrowCases: OpCases = {
  name: "narrow",
  run: narrow,
  samples: [
    {
      args: () => [rows, 1, 1, 2],
      expect: [
        [1, 2],
        [5, 6],
      ],
    },
    { args: () => [rows, 0, -1, 1], expect: [[4, 5, 6, 7]] },
  ],
  errors: [
    {
      args: () => [rows, 1, 3, 2],
      error: IndexOutOfRangeError,
      message: /narrow: the window leaves the dimension.*start 3, length 2/,
    },
  ],
};

export const selectCases: OpCases = {
  name: "select",
  run: select,
  samples: [
    { args: () => [rows, 0, 1], expect: [4, 5, 6, 7] },
    { args: () => [rows, -1, -1], expect: [3, 7] },
    { name: "of a vector", args: () => [[1, 2], 0, 0], expect: 1 },
  ],
  errors: [
    {
      args: () => [rows, 1, 4],
      error: IndexOutOfRangeError,
      message: /select: index out of range.*4 in dimension 1.*-4 to 3/,
    },
  ],
};
