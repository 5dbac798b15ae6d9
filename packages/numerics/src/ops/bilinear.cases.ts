import { ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { add } from "./add.ts";
import { bilinear } from "./bilinear.ts";
import { random } from "./matmul.cases.ts";
import { mul } from "./mul.ts";
import { unsqueeze } from "./squeeze.ts";
import { sum } from "./sum.ts";

export const cases: OpCases = {
  name: "bilinear",
  run: bilinear,
  composed: (a: Tensor, b: Tensor, w: Tensor, bias?: Tensor | null) => {
    const products = mul(mul(unsqueeze(unsqueeze(a, -1), -3), w), unsqueeze(unsqueeze(b, -2), -3));
    const y = sum(products, [-2, -1]);
    return bias === undefined || bias === null ? y : add(y, bias);
  },
  tolerance: { float32: { relative: 1e-6, absolute: 2e-6 }, float64: { relative: 1e-14, absolute: 1e-14 } },
  samples: [
    {
      args: (make) => [
        random(make, 1, [4, 3]),
        random(make, 2, [4, 2]),
        random(make, 3, [5, 3, 2]),
        random(make, 4, [5]),
      ],
    },
    { args: (make) => [random(make, 1, [3]), random(make, 2, [2]), random(make, 3, [5, 3, 2]), null] },
    { args: (make) => [random(make, 1, [2, 2, 3]), random(make, 2, [2, 2, 2]), random(make, 3, [1, 3, 2])] },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([[1]]), tensor([[1, 2]]), tensor([[[1]]])],
      error: ShapeError,
      message: /bilinear: sizes do not fit\. Received x1 \[1, 1\], x2 \[1, 2\], weight \[1, 1, 1\]/,
    },
  ],
};
