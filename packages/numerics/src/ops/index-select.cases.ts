import { IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { indexAdd, indexSelect, take } from "./index-select.ts";

export const indexSelectCases: OpCases = {
  name: "indexSelect",
  run: indexSelect,
  samples: [
    {
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        index([1, 1, 0]),
      ],
      expect: [
        [3, 0.75, -0.5],
        [3, 0.75, -0.5],
        [0.5, -1.25, 2],
      ],
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [3, -4],
          ],
          [
            [0.5, 6],
            [-7, 8],
          ],
          [
            [9, 1.5],
            [2, -1],
          ],
        ],
        1,
        index([1]),
      ],
      expect: [[[3, -4]], [[-7, 8]], [[2, -1]]],
    },
    {
      name: "one index",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        -1,
        index(2),
      ],
      expect: [[2], [-0.5]],
    },
  ],
  errors: [
    {
      args: ({ index }) => [[1, 2], 0, index([2])],
      error: IndexOutOfRangeError,
      message: /indexSelect: index out of range/,
    },
    { args: ({ index }) => [[1, 2], 0, index([[0]])], error: ShapeError, message: /the index must have one dimension/ },
  ],
};

export const indexAddCases: OpCases = {
  name: "indexAdd",
  run: indexAdd,
  samples: [
    {
      name: "indices repeat",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        index([1, 1]),
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
      expect: [
        [0.5, -1.25, 2],
        [8, 7.75, 8.5],
      ],
    },
    {
      name: "scaled",
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        index([2]),
        [[1], [2]],
        { alpha: -2 },
      ],
      expect: [
        [0.5, -1.25, 0],
        [3, 0.75, -4.5],
      ],
    },
  ],
  errors: [
    {
      args: ({ index }) => [[[1, 2]], 0, index([0]), [[1]]],
      error: ShapeError,
      message: /indexAdd: the source does not fit/,
    },
  ],
};

export const takeCases: OpCases = {
  name: "take",
  run: take,
  samples: [
    {
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        index([
          [0, 5],
          [-1, 2],
        ]),
      ],
      expect: [
        [0.5, -0.5],
        [-0.5, 2],
      ],
    },
  ],
  errors: [{ args: ({ index }) => [[1, 2], index([2])], error: IndexOutOfRangeError, message: /index out of range/ }],
};
