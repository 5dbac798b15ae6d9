import { IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";

export const squeezeCases: OpCases = {
  name: "squeeze",
  run: squeeze,
  plain: [1],
  samples: [
    { args: () => [[[[1, 2]]]], expect: [1, 2] },
    { args: () => [[[[1, 2]]], 0], expect: [[1, 2]] },
    { name: "another size stays", args: () => [[[1, 2]], 1], expect: [[1, 2]] },
    {
      name: "several",
      args: () => [
        [[[1]], [[2]]],
        [1, 2],
      ],
      expect: [1, 2],
    },
  ],
  errors: [{ args: () => [[1], 1], error: IndexOutOfRangeError, message: /squeeze: dimension out of range/ }],
};

export const unsqueezeCases: OpCases = {
  name: "unsqueeze",
  run: unsqueeze,
  samples: [
    { args: () => [[1, 2], 0], expect: [[1, 2]] },
    { args: () => [[1, 2], -1], expect: [[1], [2]] },
    { name: "scalar", args: ({ tensor }) => [tensor(3), 0], expect: [3] },
  ],
  errors: [{ args: () => [[1], 2], error: IndexOutOfRangeError, message: /unsqueeze: dimension out of range/ }],
};
