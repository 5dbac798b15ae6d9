import type { OpCases } from "../testing/cases.ts";
import { log1p } from "./log1p.ts";

export const cases: OpCases = {
  name: "log1p",
  run: log1p,
  samples: [
    {
      args: () => [[-0.5, 9.313225746154785e-10, 1, 10]],
      expect: [-Math.LN2, 9.313225741817976e-10, Math.LN2, 2.3978952727983707],
    },
  ],
  reference: Math.log1p,
  derivative: (x) => (x < -1 ? Number.NaN : 1 / Math.abs(1 + x)),
  domain: [-0.8, 5],
};
