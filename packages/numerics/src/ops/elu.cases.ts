import type { OpCases } from "../testing/cases.ts";
import { celu, elu, selu } from "./elu.ts";

const ALPHA = 1.6732632423543772;
const SCALE = 1.0507009873554805;

export const cases: OpCases[] = [
  {
    name: "elu",
    run: elu,
    samples: [
      { args: () => [[-1, 0.5, 2]], expect: [Math.expm1(-1), 0.5, 2] },
      {
        args: () => [[-1, 2], { alpha: 0.5 }],
        expect: [0.5 * Math.expm1(-1), 2],
        reference: (x) => (x > 0 ? x : 0.5 * Math.expm1(x)),
      },
    ],
    reference: (x) => (x > 0 ? x : Math.expm1(x)),
    derivative: (x) => (x > 0 ? 1 : Math.exp(x)),
    kinks: [0],
  },
  {
    name: "selu",
    run: selu,
    samples: [{ args: () => [[-1, 0.5, 2]], expect: [SCALE * ALPHA * Math.expm1(-1), 0.5 * SCALE, 2 * SCALE] }],
    reference: (x) => SCALE * (x > 0 ? x : ALPHA * Math.expm1(x)),
    kinks: [0],
  },
  {
    name: "celu",
    run: celu,
    samples: [
      {
        args: () => [[-1, 2], { alpha: 2 }],
        expect: [2 * Math.expm1(-0.5), 2],
        reference: (x) => (x > 0 ? x : 2 * Math.expm1(x / 2)),
      },
    ],
    reference: (x) => (x > 0 ? x : Math.expm1(x)),
    kinks: [0],
  },
];
