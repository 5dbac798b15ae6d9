import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { instanceNorm } from "./instance-norm.ts";

export const instanceNormCases: OpCases = {
  name: "instanceNorm",
  run: instanceNorm,
  tolerance: { float32: 1e-6, float64: 1e-12, gradient: 1e-4, onnx: { relative: 1e-4, absolute: 1e-5 } },
  samples: [
    {
      args: () => [
        [
          [
            [1, 2, 4],
            [0.5, -1, 3],
          ],
          [
            [2, -2, 1],
            [0, 6, 1.5],
          ],
        ],
      ],
      expect: [
        [
          [-1.0690415314502977, -0.2672603828625746, 1.3363019143128716],
          [-0.20203013783501955, -1.1111657580926075, 1.313195895927627],
        ],
        [
          [0.9805789785364644, -1.3728105699510502, 0.39223159141458575],
          [-0.9805799213989631, 1.3728118899585484, -0.3922319685595852],
        ],
      ],
    },
    {
      name: "affine",
      args: ({ tensor }) => [
        tensor([
          [
            [1, 2, 4],
            [0.5, -1, 3],
          ],
          [
            [2, -2, 1],
            [0, 6, 1.5],
          ],
        ]),
        null,
        null,
        { weight: tensor([2, -1]), bias: tensor([0.5, 1]) },
      ],
      expect: [
        [
          [-1.6380830629005954, -0.03452076572514917, 3.172603828625743],
          [1.2020301378350196, 2.1111657580926075, -0.3131958959276271],
        ],
        [
          [2.461157957072929, -2.2456211399021, 1.2844631828291715],
          [1.9805799213989632, -0.3728118899585483, 1.3922319685595854],
        ],
      ],
    },
  ],
  errors: [{ args: () => [[[1, 2]]], error: ShapeError, message: /instanceNorm: takes \[N, C, ...S\]/ }],
};
