import { DTypeError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { nuclearNorm } from "./nuclear-norm.ts";

// Singular values known in closed form: of 2 x 2 matrices the sum is sqrt(|a|^2 + 2 |det a|), |a| the Frobenius norm.
export const cases: OpCases = {
  name: "nuclearNorm",
  run: nuclearNorm,
  onnx: "ONNX has no singular values",
  samples: [
    {
      name: "diagonal",
      args: () => [
        [
          [3, 0],
          [0, -4],
        ],
      ],
      expect: 7,
      grads: [
        [
          [1, 0],
          [0, -1],
        ],
      ],
    },
    {
      name: "square",
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      expect: Math.sqrt(30 + 4),
    },
    {
      name: "tall and wide",
      args: () => [
        [
          [
            [1, 2],
            [3, -1],
            [0.5, 0.25],
          ],
          [
            [2, 0],
            [0, 1],
            [0, 0],
          ],
        ],
      ],
      // sqrt(trace + 2 sqrt(determinant)) of a^T a.
      expect: [Math.sqrt(15.3125 + 2 * Math.sqrt(10.25 * 5.0625 - 0.875 ** 2)), 3],
    },
    {
      name: "wide",
      args: () => [
        [
          [1, 3, 0.5],
          [2, -1, 0.25],
        ],
      ],
      expect: Math.sqrt(15.3125 + 2 * Math.sqrt(10.25 * 5.0625 - 0.875 ** 2)),
    },
    {
      name: "equal singular values",
      args: () => [
        [
          [0, 2],
          [-2, 0],
        ],
      ],
      expect: 4,
      grads: [
        [
          [0, 1],
          [-1, 0],
        ],
      ],
    },
    {
      name: "rank one",
      args: () => [
        [
          [1, 2],
          [2, 4],
        ],
      ],
      expect: 5,
      grads: [
        [
          [0.2, 0.4],
          [0.4, 0.8],
        ],
      ],
      gradient: "a kink where a singular value is 0",
    },
    {
      name: "zeros",
      args: () => [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      expect: 0,
      grads: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      gradient: "a kink at 0",
    },
    {
      name: "tiny and huge",
      args: () => [
        [
          [
            [1e-30, 0],
            [0, 2e-30],
          ],
          [
            [1e30, 0],
            [0, 2e30],
          ],
        ],
      ],
      expect: [3e-30, 3e30],
      gradient: "finite differences step over 1e-30",
    },
    {
      name: "infinite",
      args: () => [
        [
          [Number.POSITIVE_INFINITY, 0],
          [0, 1],
        ],
      ],
      expect: Number.POSITIVE_INFINITY,
      gradient: "not defined",
    },
    { name: "no columns", args: ({ tensor }) => [tensor([], { shape: [2, 2, 0] })], expect: [0, 0], gradient: "empty" },
    { name: "no matrices", args: ({ tensor }) => [tensor([], { shape: [0, 2, 2] })], shape: [0], gradient: "empty" },
  ],
  errors: [
    { args: () => [[1, 2]], error: ShapeError, message: /nuclearNorm: takes matrices.*\[2\]/ },
    {
      args: ({ index }) => [index([[1]])],
      error: DTypeError,
      message: /nuclearNorm: takes floating elements/,
    },
  ],
};
