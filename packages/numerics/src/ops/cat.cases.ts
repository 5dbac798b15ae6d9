import { ArgumentError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { cat, stack } from "./cat.ts";

export const catCases: OpCases = {
  name: "cat",
  run: cat,
  samples: [
    {
      name: "rows",
      args: ({ tensor }) => [
        [
          tensor([[1, 2]]),
          tensor([
            [3, 4],
            [5, 6],
          ]),
        ],
      ],
      expect: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    },
    {
      name: "columns, counted from the end",
      args: ({ tensor }) => [
        [
          tensor([[1], [4]]),
          tensor([
            [2, 3],
            [5, 6],
          ]),
        ],
        -1,
      ],
      expect: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    },
    { name: "one with nothing in it", args: ({ tensor }) => [[tensor([], { shape: [0] }), tensor([1])]], expect: [1] },
    { name: "one tensor", args: ({ tensor }) => [[tensor([1, 2])]], expect: [1, 2] },
    {
      name: "integers",
      args: ({ index }) => [[index([1]), index([2])]],
      dtypes: ["int64"],
      expect: [1, 2],
    },
  ],
  errors: [
    { args: () => [[]], plain: [0], error: ArgumentError, message: /cat.*no tensors/ },
    {
      args: ({ tensor }) => [[tensor([[1, 2]]), tensor([[1]])]],
      error: ShapeError,
      message: /cat.*\[1, 2\], \[1, 1\].*except in dimension 0/,
    },
    { args: ({ tensor }) => [[tensor(1), tensor(2)]], error: ShapeError, message: /one dimension or more/ },
  ],
};

export const stackCases: OpCases = {
  name: "stack",
  run: stack,
  samples: [
    {
      name: "in front",
      args: ({ tensor }) => [[tensor([1, 2]), tensor([3, 4])]],
      expect: [
        [1, 2],
        [3, 4],
      ],
    },
    {
      name: "behind",
      args: ({ tensor }) => [[tensor([1, 2]), tensor([3, 4])], -1],
      expect: [
        [1, 3],
        [2, 4],
      ],
    },
    { name: "scalars", args: ({ tensor }) => [[tensor(1), tensor(2)]], expect: [1, 2] },
  ],
  errors: [
    { args: () => [[]], plain: [0], error: ArgumentError, message: /stack.*no tensors/ },
    {
      args: ({ tensor }) => [[tensor([1]), tensor([1, 2])]],
      error: ShapeError,
      message: /stack.*\[1\], \[2\].*same shape/,
    },
  ],
};
