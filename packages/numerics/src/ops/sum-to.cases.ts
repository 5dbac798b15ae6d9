import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { sumTo } from "./sum-to.ts";

export const sumToCases: OpCases = {
  name: "sumTo",
  run: sumTo,
  plain: [1],
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [3],
      ],
      expect: [3.5, -0.5, 1.5],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 1],
      ],
      expect: [[1.25], [3.25]],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [],
      ],
      expect: 4.5,
    },
    {
      name: "the same shape",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 3],
      ],
      expect: [
        [0.5, -1.25, 2],
        [3, 0.75, -0.5],
      ],
    },
    {
      args: () => [
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
        [2, 1],
      ],
      expect: [[20], [1]],
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[1, 2]]), [3]],
      error: ShapeError,
      message: /sumTo.*\[1, 2\] to \[3\]/,
      plain: [1],
    },
  ],
};
