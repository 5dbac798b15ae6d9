import { ArgumentError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { pad } from "./pad.ts";

export const padCases: OpCases = {
  name: "pad",
  run: pad,
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
        [0, 0.5, -1.25, 2, 0, 0],
        [0, 3, 0.75, -0.5, 0, 0],
      ],
    },
    {
      name: "a value",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [0, 1, 2, 0],
        { value: 7 },
      ],
      expect: [
        [7, 7, 7, 7],
        [7, 7, 7, 7],
        [0.5, -1.25, 2, 7],
        [3, 0.75, -0.5, 7],
      ],
    },
    {
      name: "cut off",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [-1, 1],
      ],
      expect: [
        [-1.25, 2, 0],
        [0.75, -0.5, 0],
      ],
    },
    {
      name: "mirrored",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 1],
        { mode: "reflect" },
      ],
      expect: [
        [2, -1.25, 0.5, -1.25, 2, -1.25],
        [-0.5, 0.75, 3, 0.75, -0.5, 0.75],
      ],
    },
    {
      name: "the edge",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 1, 1, 0],
        { mode: "replicate" },
      ],
      expect: [
        [0.5, 0.5, 0.5, -1.25, 2, 2],
        [0.5, 0.5, 0.5, -1.25, 2, 2],
        [3, 3, 3, 0.75, -0.5, -0.5],
      ],
    },
    {
      name: "the other end",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        [2, 1],
        { mode: "circular" },
      ],
      expect: [
        [-1.25, 2, 0.5, -1.25, 2, 0.5],
        [0.75, -0.5, 3, 0.75, -0.5, 3],
      ],
    },
  ],
  errors: [
    { args: () => [[1, 2], [1]], error: ArgumentError, message: /pad: amounts come in pairs/, plain: [1] },
    {
      args: () => [[1, 2], [2, 0], { mode: "reflect" }],
      error: ShapeError,
      message: /pad: mode "reflect" has not enough/,
      plain: [1],
    },
    {
      args: () => [[1, 2], [1, 0], { mode: "mirror" as "reflect" }],
      error: ArgumentError,
      message: /pad: unknown mode/,
      plain: [1],
    },
    {
      args: () => [
        [1, 2],
        [-3, 0],
      ],
      error: ShapeError,
      message: /more is cut off than there is/,
      plain: [1],
    },
  ],
};
