import { DTypeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { where } from "./where.ts";

export const cases: OpCases = {
  name: "where",
  run: where,
  samples: [
    {
      args: ({ bool, tensor }) => [bool([1, 0, 1]), tensor([1, 2, 3]), tensor([10, 20, 30])],
      expect: [1, 20, 3],
      grads: [
        [1, 0, 1],
        [0, 1, 0],
      ],
    },
    { name: "literals", args: ({ bool, tensor }) => [bool([1, 0]), tensor([1, 2]), 0], expect: [1, 0] },
    {
      name: "broadcasting",
      args: ({ bool, tensor }) => [bool([[1], [0]]), tensor([1, 2, 3]), tensor(9)],
      expect: [
        [1, 2, 3],
        [9, 9, 9],
      ],
    },
  ],
  errors: [
    {
      args: () => [
        [1, 0],
        [1, 2],
        [3, 4],
      ],
      error: DTypeError,
      message: /where: the condition must be bool/,
    },
  ],
};
