import type { OpCases } from "../testing/cases.ts";
import { reciprocal } from "./reciprocal.ts";

export const cases: OpCases = {
  name: "reciprocal",
  run: reciprocal,
  samples: [{ args: () => [[-2, 0.25, 3]], expect: [-0.5, 4, 0.3333333333333333] }],
  reference: (x) => 1 / x,
  derivative: (x) => -1 / (x * x),
  domain: [0.2, 5],
};
