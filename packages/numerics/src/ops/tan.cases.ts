import type { OpCases } from "../testing/cases.ts";
import { tan } from "./tan.ts";

export const cases: OpCases = {
  name: "tan",
  run: tan,
  samples: [
    { args: () => [[-1, 0, 0.5, 1.5]], expect: [-1.5574077246549023, 0, 0.5463024898437905, 14.101419947171719] },
  ],
  reference: Math.tan,
  derivative: (x) => 1 + Math.tan(x) ** 2,
  domain: [-1.2, 1.2],
};
