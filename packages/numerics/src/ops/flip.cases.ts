import { IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { flip, roll } from "./flip.ts";

export const flipCases: OpCases = {
  name: "flip",
  run: flip,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [
        [2, -1.25, 0.5],
        [-0.5, 0.75, 3],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [0, 1],
      ],
      plain: [1],
      expect: [
        [-0.5, 0.75, 3],
        [2, -1.25, 0.5],
      ],
    },
    {
      name: "nothing to turn",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [],
      ],
      plain: [1],
      expect: [
        [0.5, -1.25, 2],
        [3, 0.75, -0.5],
      ],
    },
    { name: "integers", args: ({ tensor }) => [tensor([1, 2, 3]), 0], expect: [3, 2, 1], dtypes: ["int32"] },
  ],
  errors: [{ args: () => [[1], 1], error: IndexOutOfRangeError, message: /flip: dimension out of range/ }],
};

export const rollCases: OpCases = {
  name: "roll",
  run: roll,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        1,
      ],
      expect: [
        [2, 0.5, -1.25],
        [-0.5, 3, 0.75],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [1, -1],
        [0, 1],
      ],
      plain: [1, 2],
      expect: [
        [0.75, -0.5, 3],
        [-1.25, 2, 0.5],
      ],
    },
    {
      name: "in row-major order",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        2,
      ],
      expect: [
        [0.75, -0.5, 0.5],
        [-1.25, 2, 3],
      ],
    },
    {
      name: "more than once around",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        4,
        -1,
      ],
      expect: [
        [2, 0.5, -1.25],
        [-0.5, 3, 0.75],
      ],
    },
  ],
};
