import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { chunk, split, unbind } from "./split.ts";

export const splitCases: OpCases = {
  name: "split",
  run: split,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        2,
        1,
      ],
      expect: [
        [
          [0.5, -1.25],
          [3, 0.75],
        ],
        [[2], [-0.5]],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 1],
        1,
      ],
      plain: [1],
      expect: [
        [
          [0.5, -1.25],
          [3, 0.75],
        ],
        [[2], [-0.5]],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [[[0.5, -1.25, 2]], [[3, 0.75, -0.5]]],
    },
  ],
  errors: [
    {
      args: () => [
        [1, 2, 3],
        [1, 1],
      ],
      error: ArgumentError,
      message: /split: the sizes do not add up/,
      plain: [1],
    },
  ],
};

export const chunkCases: OpCases = {
  name: "chunk",
  run: chunk,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        2,
        1,
      ],
      expect: [
        [
          [0.5, -1.25],
          [3, 0.75],
        ],
        [[2], [-0.5]],
      ],
    },
  ],
  errors: [{ args: () => [[1], 0], error: ArgumentError, message: /chunks must be 1 or more/ }],
};

export const unbindCases: OpCases = {
  name: "unbind",
  run: unbind,
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: [
        [0.5, -1.25, 2],
        [3, 0.75, -0.5],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        -1,
      ],
      expect: [
        [0.5, 3],
        [-1.25, 0.75],
        [2, -0.5],
      ],
    },
  ],
};
