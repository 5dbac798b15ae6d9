import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { embedding } from "./embedding.ts";

const table = [
  [1, 2],
  [3, 4],
  [5, 6],
];

export const cases: OpCases = {
  name: "embedding",
  run: embedding,
  samples: [
    {
      name: "a row used twice",
      args: ({ index }) => [index([2, 0, 2]), table],
      expect: [
        [5, 6],
        [1, 2],
        [5, 6],
      ],
      grads: [
        [
          [1, 1],
          [0, 0],
          [2, 2],
        ],
      ],
    },
    { name: "a matrix of indices", args: ({ index }) => [index([[0], [1]]), table], expect: [[[1, 2]], [[3, 4]]] },
    { name: "a scalar index", args: ({ index }) => [index(1), table], expect: [3, 4] },
    {
      name: "a padding row",
      args: ({ index }) => [index([0, 2]), table, { paddingIdx: -1 }],
      expect: [
        [1, 2],
        [5, 6],
      ],
      grads: [
        [
          [1, 1],
          [0, 0],
          [0, 0],
        ],
      ],
      gradient: "the padding row is left out on purpose",
    },
  ],
  errors: [
    { args: ({ index }) => [index([3]), table], error: IndexOutOfRangeError, message: /3 at position 0.*0 to 2/ },
    { args: ({ index }) => [index([0]), [1, 2]], error: ShapeError, message: /embedding.*matrix.*\[2\]/ },
    { args: ({ tensor }) => [tensor([0.5]), table], error: DTypeError, message: /embedding.*integers/ },
    { args: ({ index }) => [index([0]), table, { paddingIdx: 3 }], error: ArgumentError, message: /-3 to 2/ },
  ],
};
