import { DTypeError, ShapeError } from "../errors.ts";
import { sizeOfShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases, Sample, SampleTensors } from "../testing/cases.ts";
import { scramble } from "../testing/gradcheck.ts";
import { matmul } from "./matmul.ts";
import { mul } from "./mul.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";
import { sum } from "./sum.ts";

/** Numbers in [-1, 1) of a shape. */
export function random(make: SampleTensors, seed: number, shape: readonly number[]): Tensor {
  return make.tensor(scramble(seed, sizeOfShape(shape)), { shape });
}

/** The definition itself: all products, then their sum. */
export function summedProducts(a: Tensor, b: Tensor): Tensor {
  const x = a.ndim === 1 ? unsqueeze(a, 0) : a;
  const y = b.ndim === 1 ? unsqueeze(b, 1) : b;
  const full = sum(mul(unsqueeze(x, -1), unsqueeze(y, -3)), -2);
  const added = [...(a.ndim === 1 ? [full.ndim - 2] : []), ...(b.ndim === 1 ? [full.ndim - 1] : [])];
  return added.length === 0 ? full : squeeze(full, added);
}

function shaped(a: readonly number[], b: readonly number[], more: Partial<Sample> = {}): Sample {
  return { name: `[${a}] x [${b}]`, args: (make) => [random(make, 1, a), random(make, 2, b)], ...more };
}

const LARGE = { gradient: "as large as the tiles need; the gradient is made of the same products" };

export const cases: OpCases = {
  name: "matmul",
  run: matmul,
  composed: summedProducts,
  // float32 sums of k products of numbers below 1, in another order than the reference's
  tolerance: { float32: { relative: 1e-6, absolute: 2e-5 }, float64: { relative: 1e-14, absolute: 1e-13 } },
  samples: [
    {
      name: "by hand",
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6, 7],
          [8, 9, 10],
        ],
      ],
      expect: [
        [21, 24, 27],
        [47, 54, 61],
      ],
      grads: [
        [
          [18, 27],
          [18, 27],
        ],
        [
          [4, 4, 4],
          [6, 6, 6],
        ],
      ],
    },
    shaped([3], [3]),
    shaped([4, 3], [3]),
    shaped([3], [3, 5]),
    shaped([2, 4, 3], [3]),
    shaped([3], [2, 3, 5]),
    shaped([2, 4, 3], [3, 5]),
    shaped([4, 3], [2, 3, 5]),
    shaped([2, 1, 4, 3], [5, 3, 2]),
    shaped([0, 3], [3, 4]),
    shaped([4, 0], [0, 3]),
    shaped([2, 0, 3], [3, 4]),
    shaped([1, 70], [70, 300], LARGE),
    shaped([37, 129], [129, 1], LARGE),
    shaped([13, 261], [261, 101], LARGE),
    shaped([150, 300], [300, 75], LARGE),
    shaped([5, 17, 33], [5, 33, 50], LARGE),
    {
      name: "summed in float64 and rounded once",
      args: () => [[[1e8, 1, -1e8]], [[1], [1], [1]], { precision: "high" }],
      expect: [[1]],
      gradient: "the gradient of a linear map is checked by the other samples",
    },
    {
      name: "NaN and infinity stay in their rows and columns",
      args: () => [
        [
          [Number.NaN, 1],
          [1, 2],
          [Number.POSITIVE_INFINITY, 0],
        ],
        [
          [1, 0],
          [1, 1],
        ],
      ],
      expect: [
        [Number.NaN, Number.NaN],
        [3, 2],
        [Number.POSITIVE_INFINITY, Number.NaN],
      ],
      gradient: "not finite",
    },
    {
      name: "integers",
      dtypes: ["int8", "uint8", "int16", "int32", "int64"],
      args: ({ tensor }) => [
        tensor([
          [1, 2],
          [3, 4],
        ]),
        tensor([[5], [6]]),
      ],
      expect: [[17], [39]],
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[1, 2]]), tensor([[1, 2]])],
      error: ShapeError,
      message: /matmul: inner sizes differ\. Received a \[1, 2\] and b \[1, 2\]\. Expected a's last size \(2\)/,
    },
    {
      args: ({ tensor }) => [tensor([1, 2, 3]), tensor([1, 2])],
      error: ShapeError,
      message: /inner sizes differ.*only one \(2\)/,
    },
    { args: ({ tensor }) => [tensor(2), tensor([1])], error: ShapeError, message: /one dimension or more.*mul\(\)/ },
    {
      args: ({ tensor }) => [tensor([[[1]], [[2]]]), tensor([[[1]], [[2]], [[3]]])],
      error: ShapeError,
      message: /matmul: shapes do not broadcast/,
    },
    {
      args: ({ tensor }) => [tensor([[1]], { dtype: "float64" }), tensor([[1]], { dtype: "float32" })],
      error: DTypeError,
      message: /matmul: element types differ\. Received float64 and float32/,
    },
    {
      args: ({ bool }) => [bool([[1]]), bool([[1]])],
      error: DTypeError,
      message: /not defined for this element type\. Received bool/,
    },
  ],
};
