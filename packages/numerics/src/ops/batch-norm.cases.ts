import { ones, zeros } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { batchNorm } from "./batch-norm.ts";

export const batchNormCases: OpCases = {
  name: "batchNorm",
  run: batchNorm,
  tolerance: { float32: 1e-6, float64: 1e-12, gradient: 1e-4, onnx: { relative: 1e-4, absolute: 1e-5 } },
  samples: [
    {
      name: "batch statistics",
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
        null,
        null,
        { training: true },
      ],
      expect: [
        [
          [-0.18569505002978393, 0.3713901000595681, 1.485560400238272],
          [-0.5065017463734314, -1.157718277424986, 0.5788591387124931],
        ],
        [
          [0.3713901000595681, -1.85695050029784, -0.18569505002978393],
          [-0.7235739233906162, 1.8812922008156021, -0.0723573923390616],
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
        { training: true, weight: tensor([2, -1]), bias: tensor([0.5, 1]) },
      ],
      expect: [
        [
          [0.12860989994043204, 1.2427802001191361, 3.471120800476544],
          [1.5065017463734314, 2.157718277424986, 0.421140861287507],
        ],
        [
          [1.2427802001191361, -3.21390100059568, 0.12860989994043204],
          [1.7235739233906162, -0.8812922008156022, 1.0723573923390617],
        ],
      ],
    },
    {
      name: "two dimensions",
      args: ({ tensor }) => [
        tensor([
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ]),
        null,
        null,
        { training: true, eps: 0.5 },
      ],
      expect: [
        [-0.8703882797784893, -0.8164965809277261, 0.8703882797784892],
        [0.8703882797784892, 0.8164965809277261, -0.8703882797784893],
      ],
    },
    {
      name: "running statistics",
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
        zeros([2]),
        ones([2]),
        { weight: tensor([2, -1]), bias: tensor([0.5, 1]) },
      ],
      expect: [
        [
          [2.4999900000749995, 4.499980000149999, 8.499960000299998],
          [0.5000024999812501, 1.9999950000374997, -1.9999850001124992],
        ],
        [
          [4.499980000149999, -3.499980000149999, 2.4999900000749995],
          [1, -4.999970000224998, -0.4999925000562496],
        ],
      ],
      gradient: "running statistics are not differentiated",
    },
  ],
  errors: [
    {
      args: () => [[[1, 2]], null, null, { training: true }],
      error: ArgumentError,
      message: /more than one value a channel/,
    },
    {
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      error: ArgumentError,
      message: /evaluation needs running statistics/,
    },
    { args: () => [[1, 2]], error: ShapeError, message: /takes \[N, C, ...\]/ },
  ],
};
