import { DTypeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { maskedFill } from "./masked-fill.ts";

export const maskedFillCases: OpCases = {
  name: "maskedFill",
  run: maskedFill,
  samples: [
    {
      args: ({ bool }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        bool([
          [1, 0, 1],
          [0, 0, 1],
        ]),
        9,
      ],
      expect: [
        [9, -1.25, 9],
        [3, 0.75, 9],
      ],
    },
    {
      name: "a mask that stretches",
      args: ({ bool, tensor }) => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        bool([1, 0, 0]),
        tensor(2),
      ],
      expect: [
        [2, -1.25, 2],
        [2, 0.75, -0.5],
      ],
    },
  ],
  errors: [{ args: () => [[1], [1], 0], error: DTypeError, message: /maskedFill: the mask must be bool.*float32/ }],
};
