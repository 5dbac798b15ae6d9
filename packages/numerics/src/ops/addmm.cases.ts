import { ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases, Sample } from "../testing/cases.ts";
import { add } from "./add.ts";
import { type AddProductOptions, addbmm, addmm, addmv, addr, baddbmm } from "./addmm.ts";
import { random, summedProducts } from "./matmul.cases.ts";
import { mul } from "./mul.ts";
import { unsqueeze } from "./squeeze.ts";
import { sum } from "./sum.ts";

type Product = (a: Tensor, b: Tensor) => Tensor;

function rows(shapes: readonly (readonly number[])[]): Sample[] {
  const options: readonly AddProductOptions[] = [{}, { alpha: 0.5, beta: -2 }];
  return options.map((option) => ({
    name: JSON.stringify(option),
    args: (make) => [...shapes.map((shape, i) => random(make, i + 1, shape)), option],
  }));
}

function cases(name: string, run: OpCases["run"], product: Product, shapes: readonly (readonly number[])[]): OpCases {
  return {
    name,
    run,
    composed: (input: Tensor, a: Tensor, b: Tensor, { alpha = 1, beta = 1 }: AddProductOptions) =>
      add(mul(input, beta), mul(product(a, b), alpha)),
    tolerance: { float32: { relative: 1e-6, absolute: 1e-6 }, float64: { relative: 1e-14, absolute: 1e-14 } },
    samples: rows(shapes),
  };
}

const all: Product = (a, b) => mul(unsqueeze(a, 1), b);

export const addmmCases: OpCases = {
  ...cases("addmm", addmm, summedProducts, [[4], [3, 5], [5, 4]]),
  samples: [
    ...rows([[4], [3, 5], [5, 4]]),
    {
      name: "with beta 0 the input is ignored",
      args: () => [[Number.NaN], [[1, 2]], [[3], [4]], { beta: 0 }],
      expect: [[11]],
      composed: (_: Tensor, a: Tensor, b: Tensor) => summedProducts(a, b),
      gradient: "the ignored input has none",
    },
    {
      name: "factors of integers are truncated",
      dtypes: ["int64"],
      args: ({ index }) => [index([[5]]), index([[1, 2]]), index([[3], [4]]), { alpha: 1.9, beta: 0.5 }],
      expect: [[11]],
      composed: (_: Tensor, a: Tensor, b: Tensor) => summedProducts(a, b),
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([1]), tensor([1]), tensor([[1]])],
      error: ShapeError,
      message: /mm: wrong number of dimensions\. Received \[1\] and \[1, 1\]\. Expected 2 and 2 dimensions/,
    },
  ],
};
export const addmvCases = cases("addmv", addmv, summedProducts, [[3], [3, 5], [5]]);
export const baddbmmCases = cases("baddbmm", baddbmm, summedProducts, [
  [2, 3, 4],
  [2, 3, 5],
  [2, 5, 4],
]);
export const addbmmCases = cases("addbmm", addbmm, (a, b) => sum(summedProducts(a, b), 0), [
  [3, 4],
  [2, 3, 5],
  [2, 5, 4],
]);
export const addrCases = cases("addr", addr, all, [[3, 4], [3], [4]]);
