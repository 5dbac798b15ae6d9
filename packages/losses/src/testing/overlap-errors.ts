import { ArgumentError, IndexOutOfRangeError, ShapeError } from "@tenon/numerics";
import type { ErrorCase } from "@tenon/numerics/testing";

/** What every loss of overlapping regions refuses. */
export function overlapErrors(op: string): ErrorCase[] {
  return [
    {
      args: ({ index }) => [[[[1, 2]], [[0, 1]]], index([[0, 1]])],
      error: ShapeError,
      message: new RegExp(`${op}: input and target do not fit each other.*\\[2, 1, 2\\].*\\[1, 2\\]`),
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 2]]),
      ],
      error: IndexOutOfRangeError,
      message: new RegExp(`${op}: a target is not a class.*2 at position 1.*0 to 1`),
    },
    {
      args: () => [
        [1, 2],
        [0n, 1n],
      ],
      error: ShapeError,
      message: new RegExp(`${op}: the input needs a dimension of images and one of classes.*\\[2\\]`),
    },
    {
      args: ({ index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { activation: "relu" },
      ],
      error: ArgumentError,
      message: new RegExp(`${op}: activation must be one of .*"softmax".*"relu"`),
    },
    {
      args: ({ tensor, index }) => [
        [
          [
            [1, 2],
            [0, 1],
          ],
        ],
        index([[0, 1]]),
        { weight: tensor([1]) },
      ],
      error: ShapeError,
      message: new RegExp(`${op}: there must be one weight for each class.*\\[1\\].*\\[2\\]`),
    },
  ];
}
