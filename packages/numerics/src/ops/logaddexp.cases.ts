import type { OpCases } from "../testing/cases.ts";
import { logaddexp, logaddexp2 } from "./logaddexp.ts";

const { NEGATIVE_INFINITY: low } = Number;

function logSum(a: number, b: number, rate: number): number {
  if (a === b) return a + Math.LN2 / rate;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b) * rate)) / rate;
}

export const cases: OpCases[] = [
  {
    name: "logaddexp",
    run: logaddexp,
    samples: [
      {
        args: () => [
          [1000, 0, -3],
          [1000, 1, -3.5],
        ],
        expect: [1000 + Math.LN2, 1.3132616875182228, logSum(-3, -3.5, 1)],
      },
      {
        args: () => [
          [low, 1],
          [low, low],
        ],
        expect: [low, 1],
        gradient: "infinite",
        onnx: "ONNX subtracts infinities",
      },
    ],
    reference: (a, b) => logSum(a, b, 1),
  },
  {
    name: "logaddexp2",
    run: logaddexp2,
    samples: [
      {
        args: () => [
          [1000, 0],
          [1000, 1],
        ],
        expect: [1001, Math.log2(3)],
      },
    ],
    reference: (a, b) => logSum(a, b, Math.LN2),
  },
];
