import type { OpCases } from "../testing/cases.ts";
import { logSumExp } from "./log-sum-exp.ts";

export const logSumExpCases: OpCases = {
  name: "logSumExp",
  run: logSumExp,
  samples: [
    {
      name: "all",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
      ],
      expect: 3.4698944243384235,
    },
    {
      name: "rows",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [2.2326219831020326, 3.1271581586310475],
    },
    {
      name: "columns, kept",
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        -2,
        { keepdim: true },
      ],
      expect: [[3.0788897342925496, 0.8769280110429726, 2.0788897342925496]],
    },
    {
      name: "the outer two of three",
      args: () => [
        [
          [
            [1, 2],
            [3, -4],
          ],
          [
            [0.5, 6],
            [-7, 8],
          ],
          [
            [9, 1.5],
            [2, -1],
          ],
        ],
        [0, 2],
      ],
      plain: [1],
      expect: [9.05049439276607, 8.009303150283442],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(3.5)], expect: 3.5 },
    { name: "no overflow", args: () => [[1000, 1000]], expect: 1000.6931471805599 },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0] })],
      expect: Number.NEGATIVE_INFINITY,
      onnx: "reductions of nothing differ",
    },
    {
      name: "where maximum and logarithm cancel",
      args: () => [[-0.6931471824645996, -0.6931471824645996]],
      expect: -1.904654299957768e-9,
      tolerance: { float64: { absolute: 1e-15 } },
      onnx: "onnxruntime computes in float32",
    },
  ],
};
