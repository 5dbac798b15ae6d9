import { DTypeError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { gather } from "./gather.ts";

export const gatherCases: OpCases = {
  name: "gather",
  run: gather,
  samples: [
    {
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        index([
          [0, 2],
          [1, 1],
        ]),
      ],
      expect: [
        [0.5, 2],
        [0.75, 0.75],
      ],
    },
    {
      args: ({ index }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        index([[1, 0, 1]]),
      ],
      expect: [[3, -1.25, -0.5]],
    },
    {
      name: "smaller than the tensor elsewhere",
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
        -1,
        index([
          [[0], [1]],
          [[1], [0]],
        ]),
      ],
      expect: [
        [[1], [-4]],
        [[6], [-7]],
      ],
    },
    {
      name: "integers",
      args: ({ tensor, index }) => [tensor([3, 4, 5]), 0, index([2, 0])],
      expect: [5, 3],
      dtypes: ["int32", "int64", "uint8"],
    },
  ],
  errors: [
    {
      args: ({ index }) => [[1, 2], 0, index([2])],
      error: IndexOutOfRangeError,
      message: /gather: index out of range. Received 2 at position 0.*0 to 1/,
    },
    { args: ({ index }) => [[1, 2], 0, index([-1])], error: IndexOutOfRangeError, message: /Received -1/ },
    {
      args: ({ tensor }) => [[1, 2], 0, tensor([0.5])],
      error: DTypeError,
      message: /gather: indices must be integers/,
    },
    {
      args: ({ index }) => [[[1, 2]], 1, index([[0], [0]])],
      error: ShapeError,
      message: /gather: the index does not fit.*\[2, 1\].*\[1, 2\]/,
    },
  ],
};
