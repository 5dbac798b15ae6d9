import type { OpCases } from "../testing/cases.ts";
import { neg } from "./neg.ts";

export const cases: OpCases = {
  name: "neg",
  run: neg,
  samples: [{ args: () => [[-2, 0, 0.5, 3]], expect: [2, 0, -0.5, -3] }],
  reference: (x) => -x,
  derivative: () => -1,
};
