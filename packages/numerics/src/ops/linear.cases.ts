import { DTypeError, ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases, Sample } from "../testing/cases.ts";
import { add } from "./add.ts";
import { linear } from "./linear.ts";
import { random, summedProducts } from "./matmul.cases.ts";
import { t } from "./permute.ts";

function composed(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  const y = summedProducts(x, t(weight));
  return bias === undefined || bias === null ? y : add(y, bias);
}

function shaped(x: readonly number[], weight: readonly number[], bias: boolean, more: Partial<Sample> = {}): Sample {
  return {
    name: `[${x}], weight [${weight}]${bias ? ", bias" : ""}`,
    args: (make) => [random(make, 1, x), random(make, 2, weight), bias ? random(make, 3, weight.slice(0, 1)) : null],
    ...more,
  };
}

const LARGE = { gradient: "as large as the tiles need; the gradient is made of products with cases of their own" };

export const cases: OpCases = {
  name: "linear",
  run: linear,
  composed,
  tolerance: { float32: { relative: 1e-6, absolute: 2e-5 }, float64: { relative: 1e-14, absolute: 1e-13 } },
  samples: [
    {
      name: "by hand",
      args: () => [
        [[1, 2]],
        [
          [3, 4],
          [5, 6],
        ],
        [10, 20],
      ],
      expect: [[21, 37]],
      grads: [
        [[8, 10]],
        [
          [1, 2],
          [1, 2],
        ],
        [1, 1],
      ],
    },
    shaped([3], [4, 3], true),
    shaped([5, 3], [4, 3], false),
    shaped([2, 5, 3], [4, 3], true),
    shaped([2, 5, 3], [3], false),
    shaped([0, 3], [4, 3], true),
    shaped([2, 0], [3, 0], true),
    shaped([4, 400], [120, 400], true, LARGE),
    shaped([33, 84], [10, 84], true, LARGE),
    shaped([128, 70], [300, 70], true, LARGE),
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[1, 2]]), tensor([[1, 2, 3]])],
      error: ShapeError,
      message:
        /linear: inner sizes differ\. Received input \[1, 2\], weight \[1, 3\]\. Expected the input's last size \(2\)/,
    },
    {
      args: ({ tensor }) => [tensor([[1, 2]]), tensor([[1, 2]]), tensor([1, 2])],
      error: ShapeError,
      message: /the bias does not fit the weight.*Expected a bias of \[1\]/,
    },
    { args: ({ tensor }) => [tensor([1]), tensor([[[1]]])], error: ShapeError, message: /the weight must be a matrix/ },
    {
      args: ({ tensor }) => [tensor([[1]], { dtype: "int32" }), tensor([[1]], { dtype: "int32" })],
      error: DTypeError,
      message: /linear: takes float32 or float64/,
    },
  ],
};
