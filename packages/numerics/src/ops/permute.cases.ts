import { IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { movedim, permute, t, transpose } from "./permute.ts";

// Row-major counting: the expected orders can be read off.
const cube = [
  [
    [0, 1],
    [2, 3],
    [4, 5],
  ],
  [
    [6, 7],
    [8, 9],
    [10, 11],
  ],
];

export const permuteCases: OpCases = {
  name: "permute",
  run: permute,
  plain: [1],
  samples: [
    {
      args: () => [cube, [2, 0, 1]],
      expect: [
        [
          [0, 2, 4],
          [6, 8, 10],
        ],
        [
          [1, 3, 5],
          [7, 9, 11],
        ],
      ],
    },
    { name: "negative dimensions", args: () => [[[1, 2, 3]], [-1, 0]], expect: [[1], [2], [3]] },
    { name: "scalar", args: ({ tensor }) => [tensor(2.5), []], expect: 2.5 },
    { name: "integers", args: () => [[[1, 2]], [1, 0]], expect: [[1], [2]], dtypes: ["int32", "int64"] },
  ],
  errors: [
    {
      args: () => [[[1]], [0, 0]],
      error: ShapeError,
      message: /permute: every dimension must be named once.*\[0, 0\]/,
    },
    { args: () => [[1], [1]], error: IndexOutOfRangeError, message: /permute: dimension out of range/ },
  ],
};

export const transposeCases: OpCases = {
  name: "transpose",
  run: transpose,
  samples: [
    { args: () => [[[1, 2, 3]], 0, 1], expect: [[1], [2], [3]] },
    { args: () => [[[[1, 2]], [[3, 4]]], 0, -1], expect: [[[1, 3]], [[2, 4]]] },
  ],
  errors: [{ args: () => [[1], 0, 2], error: IndexOutOfRangeError, message: /transpose: dimension out of range/ }],
};

export const tCases: OpCases = {
  name: "t",
  run: t,
  samples: [
    {
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      expect: [
        [1, 3],
        [2, 4],
      ],
    },
    { name: "a vector stays", args: () => [[1, 2]], expect: [1, 2] },
  ],
  errors: [{ args: () => [[[[1]]]], error: ShapeError, message: /t: takes at most two dimensions.*\[1, 1, 1\]/ }],
};

export const movedimCases: OpCases = {
  name: "movedim",
  run: movedim,
  plain: [1, 2],
  samples: [
    {
      args: () => [[[[1, 2]], [[3, 4]]], 0, 2],
      expect: [
        [
          [1, 3],
          [2, 4],
        ],
      ],
    },
    {
      args: () => [
        [[[1, 2]], [[3, 4]]],
        [0, 1],
        [1, 0],
      ],
      expect: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    },
  ],
  errors: [
    {
      args: () => [[[1]], [0, 1], [0]],
      error: ShapeError,
      message: /movedim: source and destination must name as many/,
    },
  ],
};
