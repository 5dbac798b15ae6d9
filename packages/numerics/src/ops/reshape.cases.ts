import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { flatten, reshape, unflatten, view } from "./reshape.ts";

export const reshapeCases: OpCases = {
  name: "reshape",
  run: reshape,
  plain: [1],
  samples: [
    {
      args: () => [
        [1, 2, 3, 4],
        [2, 2],
      ],
      expect: [
        [1, 2],
        [3, 4],
      ],
    },
    {
      name: "one size from the others",
      args: () => [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [3, -1],
      ],
      expect: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    },
    { name: "to a scalar", args: () => [[[2.5]], []], expect: 2.5 },
    { name: "empty", args: ({ tensor }) => [tensor([], { shape: [0, 3] }), [3, 0]], shape: [3, 0], expect: [] },
    { name: "bool", args: ({ bool }) => [bool([1, 0]), [2, 1]], expect: [[true], [false]], dtypes: ["bool"] },
  ],
  errors: [
    {
      args: () => [
        [1, 2, 3],
        [2, 2],
      ],
      error: ShapeError,
      message: /reshape: the number of elements differs.*\[3\].*\[2, 2\]/,
    },
    {
      args: () => [
        [1, 2, 3],
        [-1, 2],
      ],
      error: ShapeError,
      message: /reshape/,
    },
  ],
};

export const viewCases: OpCases = {
  name: "view",
  run: view,
  plain: [1],
  samples: [
    {
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
        [4],
      ],
      expect: [1, 2, 3, 4],
      strided: "a view is refused where memory does not allow it; the error row shows it",
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [
        tensor([
          [1, 2],
          [3, 4],
        ]).t(),
        [4],
      ],
      error: ShapeError,
      message: /view: the elements do not lie in memory as the shape needs/,
    },
  ],
};

export const flattenCases: OpCases = {
  name: "flatten",
  run: flatten,
  samples: [
    { args: () => [[[[1, 2]], [[3, 4]]]], expect: [1, 2, 3, 4] },
    {
      args: () => [[[[1, 2]], [[3, 4]]], 1],
      expect: [
        [1, 2],
        [3, 4],
      ],
    },
    {
      args: () => [[[[1, 2]], [[3, 4]]], 0, 1],
      expect: [
        [1, 2],
        [3, 4],
      ],
    },
    { name: "a scalar becomes a vector", args: ({ tensor }) => [tensor(3)], expect: [3] },
  ],
  errors: [{ args: () => [[[1]], 1, 0], error: ShapeError, message: /flatten: startDim lies behind endDim/ }],
};

export const unflattenCases: OpCases = {
  name: "unflatten",
  run: unflatten,
  plain: [2],
  samples: [
    {
      args: () => [[[1, 2, 3, 4]], 1, [2, 2]],
      expect: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    },
    {
      args: () => [[1, 2, 3, 4], 0, [-1, 2]],
      expect: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  errors: [
    {
      args: () => [[1, 2, 3], 0, [2, 2]],
      error: ShapeError,
      message: /unflatten: the sizes do not multiply to the dimension/,
    },
  ],
};
