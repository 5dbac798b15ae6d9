import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { avgPool1d, avgPool2d } from "./avg-pool.ts";

export const avgPool2dCases: OpCases = {
  name: "avgPool2d",
  run: avgPool2d,
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
        2,
      ],
      expect: [
        [
          [
            [1, 5.625],
            [4.5, 0.5],
          ],
        ],
      ],
    },
    {
      name: "padding counts",
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
        1,
        { padding: 1 },
      ],
      expect: [
        [
          [
            [0.4444444444444444, 1.5555555555555556, 3.388888888888889, 2.5],
            [1.6111111111111112, 2.611111111111111, 3.7222222222222223, 2.6666666666666665],
            [2.111111111111111, 2.8333333333333335, 3.1666666666666665, 1.8888888888888888],
            [2, 1.9444444444444444, 0.8333333333333334, 0.2222222222222222],
          ],
        ],
      ],
    },
    {
      name: "or not",
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
        1,
        { padding: 1, countIncludePad: false },
      ],
      expect: [
        [
          [
            [1, 2.3333333333333335, 5.083333333333333, 5.625],
            [2.4166666666666665, 2.611111111111111, 3.7222222222222223, 4],
            [3.1666666666666665, 2.8333333333333335, 3.1666666666666665, 2.8333333333333335],
            [4.5, 2.9166666666666665, 1.25, 0.5],
          ],
        ],
      ],
    },
    {
      name: "divided by 3",
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
        2,
        2,
        { divisorOverride: 3 },
      ],
      expect: [
        [
          [
            [1.3333333333333333, 7.5],
            [6, 0.6666666666666666],
          ],
        ],
      ],
    },
    {
      name: "rounded up, without a batch",
      args: () => [
        [
          [
            [1, 5, 2],
            [4, -3, 0.5],
            [7, 2.5, 6],
          ],
        ],
        2,
        2,
        { ceilMode: true },
      ],
      expect: [
        [
          [1.75, 1.25],
          [4.75, 6],
        ],
      ],
      onnx: "before opset 19 the standard did not say what a hanging window divides by",
    },
  ],
  errors: [{ args: () => [[[[[1]]]], 2], error: ShapeError, message: /avgPool2d: the window does not fit/ }],
};

export const avgPool1dCases: OpCases = {
  name: "avgPool1d",
  run: avgPool1d,
  samples: [
    { args: () => [[[1, 5, 2, 4, 3]], 2], expect: [[3, 3]] },
    {
      args: () => [[[[1, 5, 2, 4, 3]]], 3, 2, { padding: 1 }],
      expect: [[[2, 3.6666666666666665, 2.3333333333333335]]],
    },
  ],
};
