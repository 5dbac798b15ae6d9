import type { OpCases } from "../testing/cases.ts";
import { sqrt } from "./sqrt.ts";

export const cases: OpCases = {
  name: "sqrt",
  run: sqrt,
  samples: [{ args: () => [[0.25, 1, 2, 9]], expect: [0.5, 1, Math.SQRT2, 3] }],
  reference: Math.sqrt,
  derivative: (x) => 0.5 / Math.sqrt(x),
  domain: [0.1, 5],
};
