import { ArgumentError, ShapeError } from "../errors.ts";
import type { Tensor, TensorArg } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { maxPool1d, maxPool2d, maxPool2dWithIndices } from "./max-pool.ts";

const both = (x: TensorArg, kernel: number, stride?: number): Tensor[] => {
  const { values, indices } = maxPool2dWithIndices(x, kernel, stride);
  return [values, indices];
};

export const maxPool2dCases: OpCases = {
  name: "maxPool2d",
  run: maxPool2d,
  samples: [
    {
      name: "halves",
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
            [6, 8],
            [9, 2.5],
          ],
        ],
      ],
    },
    {
      name: "overlapping",
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
      ],
      expect: [
        [
          [
            [9, 8],
            [9, 8],
          ],
        ],
      ],
    },
    {
      name: "padded",
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
        [2, 3],
        [2, 1],
        { padding: [1, 0] },
      ],
      plain: [1, 2],
      expect: [
        [
          [
            [3, 4.5],
            [9, 8],
            [4, 4],
          ],
        ],
      ],
    },
    {
      name: "dilated",
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
        1,
        { dilation: 2 },
      ],
      expect: [
        [
          [
            [9, 4.5],
            [7, 8],
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
          [5, 2],
          [7, 6],
        ],
      ],
    },
    {
      name: "NaN wins",
      args: () => [
        [
          [
            [
              [1, NaN],
              [3, 2],
            ],
          ],
        ],
        2,
      ],
      expect: [[[[Number.NaN]]]],
      gradient: "finite differences meet NaN",
      onnx: "onnxruntime ignores NaN",
    },
    {
      name: "the first of equals",
      args: () => [
        [
          [
            [
              [2, 2],
              [2, 2],
            ],
          ],
        ],
        2,
      ],
      expect: [[[[2]]]],
      gradient: "a kink",
      grads: [
        [
          [
            [
              [1, 0],
              [0, 0],
            ],
          ],
        ],
      ],
    },
  ],
  errors: [
    { args: () => [[[[[1]]]], 2], error: ShapeError, message: /maxPool2d: the window does not fit/ },
    {
      args: () => [[[[[1]]]], 2, 1, { padding: 2 }],
      error: ArgumentError,
      message: /padding must be at most half the kernel/,
    },
    { args: () => [[[1]], 2], error: ShapeError, message: /maxPool2d: takes 4 dimensions, or 3/ },
    {
      args: () => [[[[[1]]]], 0],
      error: ArgumentError,
      message: /kernelSize must be one or two whole numbers of 1 or more/,
    },
  ],
};

export const maxPool1dCases: OpCases = {
  name: "maxPool1d",
  run: maxPool1d,
  samples: [
    { args: () => [[[1, 5, 2, 4, 3]], 2], expect: [[5, 4]] },
    { args: () => [[[[1, 5, 2, 4, 3]]], 3, 2, { padding: 1 }], expect: [[[5, 5, 4]]] },
  ],
};

export const maxPool2dWithIndicesCases: OpCases = {
  name: "maxPool2dWithIndices",
  run: both,
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
            [
              [6, 8],
              [9, 2.5],
            ],
          ],
        ],
        [
          [
            [
              [5, 7],
              [8, 11],
            ],
          ],
        ],
      ],
    },
    {
      name: "without a batch",
      args: () => [
        [
          [
            [1, 5, 2],
            [4, -3, 0.5],
            [7, 2.5, 6],
          ],
        ],
        2,
        1,
      ],
      expect: [
        [
          [
            [5, 5],
            [7, 6],
          ],
        ],
        [
          [
            [1, 1],
            [6, 8],
          ],
        ],
      ],
    },
  ],
};
