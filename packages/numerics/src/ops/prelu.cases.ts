import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { prelu } from "./prelu.ts";

export const cases: OpCases = {
  name: "prelu",
  run: prelu,
  samples: [
    {
      name: "one weight",
      args: () => [[-2, -0.5, 3], [0.25]],
      expect: [-0.5, -0.125, 3],
      grads: [[0.25, 0.25, 1], [-2.5]],
    },
    {
      name: "one weight a channel",
      args: () => [
        [
          [-1, -2],
          [3, -4],
        ],
        [0.5, -2],
      ],
      expect: [
        [-0.5, 4],
        [3, 8],
      ],
      grads: [
        [
          [0.5, -2],
          [1, -2],
        ],
        [-1, -6],
      ],
    },
    {
      name: "channels before the image",
      args: () => [[[[[-1, 2]], [[-3, -4]]]], [0.5, 0.25]],
      expect: [[[[-0.5, 2]], [[-0.75, -1]]]],
    },
    {
      name: "at the edges",
      args: () => [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, Number.NaN], [0.5]],
      expect: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, Number.NaN],
      gradient: "kink at 0, and infinities",
    },
  ],
  errors: [
    {
      args: () => [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [0.5, 0.25],
      ],
      error: ShapeError,
      message: /prelu.*weight \[2\].*\[1\] or \[3\]/,
    },
  ],
};
