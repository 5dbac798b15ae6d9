import { ArgumentError, ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { random, summedProducts } from "./matmul.cases.ts";
import { mul } from "./mul.ts";
import { permute } from "./permute.ts";
import { unsqueeze } from "./squeeze.ts";
import { sum } from "./sum.ts";
import { inner, tensordot } from "./tensordot.ts";

const tolerance = { float32: { relative: 1e-6, absolute: 1e-6 }, float64: { relative: 1e-14, absolute: 1e-14 } };

export const tensordotCases: OpCases = {
  name: "tensordot",
  run: tensordot,
  tolerance,
  samples: [
    {
      name: "two dimensions by default",
      args: (make) => [random(make, 1, [2, 3, 4]), random(make, 2, [3, 4, 5])],
      composed: (a: Tensor, b: Tensor) => sum(mul(unsqueeze(a, 3), b), [1, 2]),
    },
    {
      name: "pairs",
      args: (make) => [
        random(make, 1, [4, 2, 3]),
        random(make, 2, [3, 5, 4]),
        {
          dims: [
            [0, 2],
            [2, 0],
          ],
        },
      ],
      plain: [2],
      composed: (a: Tensor, b: Tensor) => sum(mul(unsqueeze(permute(a, [1, 0, 2]), 3), permute(b, [2, 0, 1])), [1, 2]),
    },
    {
      name: "no dimension",
      args: (make) => [random(make, 1, [2]), random(make, 2, [3]), { dims: 0 }],
      composed: (a: Tensor, b: Tensor) => mul(unsqueeze(a, 1), b),
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([1]), tensor([1]), { dims: 2 }],
      error: ArgumentError,
      message: /dims out of range/,
    },
    {
      args: ({ tensor }) => [tensor([1, 2]), tensor([1]), { dims: 1 }],
      error: ShapeError,
      message: /tensordot: paired sizes differ/,
    },
    {
      args: ({ tensor }) => [tensor([1, 2]), tensor([1]), { dims: [[0], []] }],
      error: ArgumentError,
      message: /dims must pair different dimensions/,
    },
  ],
};

export const innerCases: OpCases = {
  name: "inner",
  run: inner,
  tolerance,
  samples: [
    {
      args: () => [
        [1, 2],
        [3, 4],
      ],
      expect: 11,
    },
    {
      args: (make) => [random(make, 1, [2, 3, 4]), random(make, 2, [5, 4])],
      composed: (a: Tensor, b: Tensor) => summedProducts(a, permute(b, [1, 0])),
    },
    { name: "with a scalar", args: ({ tensor }) => [tensor(2), tensor([1, 3])], expect: [2, 6] },
  ],
  errors: [
    { args: ({ tensor }) => [tensor([1, 2]), tensor([1])], error: ShapeError, message: /inner: last sizes differ/ },
  ],
};
