import type { OpCases } from "../testing/cases.ts";
import { abs } from "./abs.ts";

export const cases: OpCases = {
  name: "abs",
  run: abs,
  samples: [{ args: () => [[-2, -0.25, 0.5, 3]], expect: [2, 0.25, 0.5, 3] }],
  reference: Math.abs,
  kinks: [0],
};
