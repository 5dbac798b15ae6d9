import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { repeat, tile } from "./repeat.ts";

export const repeatCases: OpCases = {
  name: "repeat",
  run: repeat,
  plain: [1],
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [1, 2],
      ],
      expect: [
        [0.5, -1.25, 2, 0.5, -1.25, 2],
        [3, 0.75, -0.5, 3, 0.75, -0.5],
      ],
    },
    {
      name: "a new dimension",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 1, 1],
      ],
      expect: [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 2],
      ],
      expect: [
        [0.5, -1.25, 2, 0.5, -1.25, 2],
        [3, 0.75, -0.5, 3, 0.75, -0.5],
        [0.5, -1.25, 2, 0.5, -1.25, 2],
        [3, 0.75, -0.5, 3, 0.75, -0.5],
      ],
    },
  ],
  errors: [{ args: () => [[[1]], [2]], error: ShapeError, message: /repeat.*every dimension/, plain: [1] }],
};

export const tileCases: OpCases = {
  name: "tile",
  run: tile,
  plain: [1],
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2],
      ],
      expect: [
        [0.5, -1.25, 2, 0.5, -1.25, 2],
        [3, 0.75, -0.5, 3, 0.75, -0.5],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 1],
      ],
      expect: [
        [0.5, -1.25, 2],
        [3, 0.75, -0.5],
        [0.5, -1.25, 2],
        [3, 0.75, -0.5],
      ],
    },
  ],
};
