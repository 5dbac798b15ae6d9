import type { OpCases } from "../testing/cases.ts";
import { exp } from "./exp.ts";

export const cases: OpCases = {
  name: "exp",
  run: exp,
  samples: [{ args: () => [[-1, 0, 0.5, 2]], expect: [0.36787944117144233, 1, 1.6487212707001282, 7.38905609893065] }],
  reference: Math.exp,
  derivative: Math.exp,
};
