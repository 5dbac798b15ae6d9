import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { tril, triu } from "./tril.ts";

export const trilCases: OpCases = {
  name: "tril",
  run: tril,
  samples: [
    {
      args: () => [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
      expect: [
        [1, 0, 0],
        [4, 5, 0],
        [7, 8, 9],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [
        [0.5, -1.25, 0],
        [3, 0.75, -0.5],
      ],
    },
    {
      args: () => [
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
      ],
      expect: [
        [
          [0, 0],
          [3, 0],
        ],
        [
          [0, 0],
          [-7, 0],
        ],
        [
          [0, 0],
          [2, 0],
        ],
      ],
    },
    {
      name: "integers",
      args: ({ tensor }) => [
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ],
      expect: [
        [1, 0],
        [3, 4],
      ],
      dtypes: ["int64", "int32"],
    },
  ],
  errors: [{ args: () => [[1]], error: ShapeError, message: /tril: takes matrices/ }],
};

export const triuCases: OpCases = {
  name: "triu",
  run: triu,
  samples: [
    {
      args: () => [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
      ],
      expect: [
        [1, 2, 3],
        [0, 5, 6],
        [0, 0, 9],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [
        [0, -1.25, 2],
        [0, 0, -0.5],
      ],
    },
    {
      args: () => [
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
      ],
      expect: [
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
    },
    {
      name: "integers",
      args: ({ tensor }) => [
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ],
      expect: [
        [1, 2],
        [0, 4],
      ],
      dtypes: ["int64", "int32"],
    },
  ],
  errors: [{ args: () => [[1]], error: ShapeError, message: /triu: takes matrices/ }],
};
