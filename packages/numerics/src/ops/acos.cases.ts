import type { OpCases } from "../testing/cases.ts";
import { acos } from "./acos.ts";

export const cases: OpCases = {
  name: "acos",
  run: acos,
  samples: [
    {
      args: () => [[-0.75, 0, 0.5, 0.875]],
      expect: [2.4188584057763776, 1.5707963267948966, 1.0471975511965979, 0.5053605102841573],
    },
  ],
  reference: Math.acos,
  derivative: (x) => -1 / Math.sqrt((1 - x) * (1 + x)),
  domain: [-0.9, 0.9],
};
