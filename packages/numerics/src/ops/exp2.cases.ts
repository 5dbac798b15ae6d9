import type { OpCases } from "../testing/cases.ts";
import { exp2 } from "./exp2.ts";

export const cases: OpCases = {
  name: "exp2",
  run: exp2,
  samples: [{ args: () => [[-1, 0, 0.5, 3]], expect: [0.5, 1, Math.SQRT2, 8] }],
  reference: (x) => 2 ** x,
  derivative: (x) => Math.LN2 * 2 ** x,
};
