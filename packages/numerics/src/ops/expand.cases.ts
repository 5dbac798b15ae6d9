import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { broadcastTo, expand } from "./expand.ts";

export const cases: OpCases = {
  name: "expand",
  run: expand,
  plain: [1],
  samples: [
    {
      args: () => [
        [[1], [2]],
        [2, 3],
      ],
      expect: [
        [1, 1, 1],
        [2, 2, 2],
      ],
      grads: [[[3], [3]]],
    },
    {
      name: "new dimensions in front",
      args: () => [
        [1, 2],
        [2, 2],
      ],
      expect: [
        [1, 2],
        [1, 2],
      ],
      grads: [[2, 2]],
    },
    {
      name: "-1 keeps a size",
      args: () => [[[1, 2]], [2, -1]],
      expect: [
        [1, 2],
        [1, 2],
      ],
    },
    { name: "scalar", args: ({ tensor }) => [tensor(3), [2]], expect: [3, 3] },
  ],
  errors: [
    { args: () => [[1, 2], [3]], error: ShapeError, message: /expand: only sizes of 1 can be expanded.*\[2\].*\[3\]/ },
    { args: () => [[[1, 2]], [2]], error: ShapeError, message: /expand/ },
  ],
};

export const broadcastToCases: OpCases = {
  name: "broadcastTo",
  run: broadcastTo,
  plain: [1],
  samples: [
    {
      args: () => [
        [1, 2],
        [2, 2],
      ],
      expect: [
        [1, 2],
        [1, 2],
      ],
    },
  ],
  errors: [{ args: () => [[1, 2], [3]], error: ShapeError, message: /only sizes of 1 can be expanded/ }],
};
