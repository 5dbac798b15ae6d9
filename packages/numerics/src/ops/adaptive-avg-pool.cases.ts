import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { adaptiveAvgPool1d, adaptiveAvgPool2d } from "./adaptive-avg-pool.ts";

export const adaptiveAvgPool2dCases: OpCases = {
  name: "adaptiveAvgPool2d",
  run: adaptiveAvgPool2d,
  samples: [
    {
      args: () => [
        [
          [
            [
              [1, 2, 3, 4.5],
              [-5, 6, 7, 8],
              [9, 1.5, -1, 2.5],
              [3.5, 4, 0.5, 0],
            ],
          ],
        ],
        1,
      ],
      expect: [[[[2.90625]]]],
    },
    {
      args: () => [
        [
          [
            [
              [1, 2, 3, 4.5],
              [-5, 6, 7, 8],
              [9, 1.5, -1, 2.5],
              [3.5, 4, 0.5, 0],
            ],
          ],
        ],
        [2, 4],
      ],
      plain: [1],
      expect: [
        [
          [
            [-2, 4, 5, 6.25],
            [6.25, 2.75, -0.25, 1.25],
          ],
        ],
      ],
    },
    {
      name: "uneven windows",
      args: () => [
        [
          [
            [
              [1, 2, 3, 4.5],
              [-5, 6, 7, 8],
              [9, 1.5, -1, 2.5],
              [3.5, 4, 0.5, 0],
            ],
          ],
        ],
        3,
      ],
      expect: [
        [
          [
            [1, 4.5, 5.625],
            [2.875, 3.375, 4.125],
            [4.5, 1.25, 0.5],
          ],
        ],
      ],
    },
    {
      name: "null keeps a size",
      args: () => [
        [
          [
            [1, 5, 2],
            [4, -3, 0.5],
            [7, 2.5, 6],
          ],
        ],
        [null, 2],
      ],
      plain: [1],
      expect: [
        [
          [3, 3.5],
          [0.5, -1.25],
          [4.75, 4.25],
        ],
      ],
    },
  ],
  errors: [
    {
      args: () => [
        [
          [
            [1, 5, 2],
            [4, -3, 0.5],
            [7, 2.5, 6],
          ],
        ],
        0,
      ],
      error: ArgumentError,
      message: /outputSize must be/,
    },
  ],
};

export const adaptiveAvgPool1dCases: OpCases = {
  name: "adaptiveAvgPool1d",
  run: adaptiveAvgPool1d,
  samples: [{ args: () => [[[1, 5, 2, 4, 3]], 2], expect: [[2.6666666666666665, 3]] }],
};
