import { ArgumentError, ShapeError } from "@tenon/numerics";
import type { OpCases, Tolerance } from "@tenon/numerics/testing";
import { fixtures } from "../testing/fixtures.ts";
import { mmcrLoss } from "./mmcr-loss.ts";
import { wMseLoss } from "./w-mse-loss.ts";

// Values: tools/fixtures/losses/self-supervised.py, with LAPACK's factorizations.
// Float64: factorizations lose digits with the condition of the covariance.
const tolerance: Tolerance = { float64: { relative: 1e-11, absolute: 1e-13 } };

export const cases: OpCases[] = [
  {
    name: "wMseLoss",
    run: wMseLoss,
    also: ["WMSELoss"],
    onnx: "ONNX has no factorization of matrices",
    samples: fixtures("self-supervised", "wMseLoss"),
    errors: [
      { args: () => [[[1]]], error: ShapeError, message: /wMseLoss: views has the wrong shape.*\[1, 1\].*\[V, N, D\]/ },
      { args: () => [[[[1], [2]]]], error: ArgumentError, message: /wMseLoss: the number of views must be 2 or more/ },
      {
        args: () => [
          [
            [[1], [2], [3]],
            [[1], [2], [3]],
          ],
          { groupSize: 2 },
        ],
        error: ArgumentError,
        message: /wMseLoss: groupSize must be above 1, and divide the number of rows \(3\).*2/,
      },
      {
        args: () => [
          [
            [
              [1, 0.1],
              [2, 0.1],
              [4, 0.1],
            ],
            [
              [1, 0],
              [0, 1],
              [2, 3],
            ],
          ],
        ],
        error: ArgumentError,
        message: /wMseLoss: a matrix is not positive definite/,
      },
      {
        args: () => [
          [
            [
              [1, 0],
              [2, 1],
            ],
            [
              [1, 0],
              [0, 1],
            ],
          ],
        ],
        error: ArgumentError,
        message: /wMseLoss: groupSize must be above the number of dimensions \(2\), or eps above 0.*2/,
      },
    ],
    tolerance,
  },
  {
    name: "mmcrLoss",
    run: mmcrLoss,
    also: ["MMCRLoss"],
    onnx: "ONNX has no singular values",
    samples: fixtures("self-supervised", "mmcrLoss", {
      tiny: { gradient: "finite differences step over 1e-18" },
      collapsed: { gradient: "a kink where a singular value is 0" },
    }),
    errors: [
      { args: () => [[[1]]], error: ShapeError, message: /mmcrLoss: embeddings has the wrong shape.*\[N, V, D\]/ },
      { args: () => [[[[1]]], { lambda: -1 }], error: ArgumentError, message: /mmcrLoss: lambda must be 0 or more/ },
    ],
    tolerance,
  },
];
