import type { OpCases } from "../testing/cases.ts";
import { sin } from "./sin.ts";

export const cases: OpCases = {
  name: "sin",
  run: sin,
  samples: [
    { args: () => [[-2, 0, 0.5, 20]], expect: [-0.9092974268256817, 0, 0.479425538604203, 0.9129452507276277] },
  ],
  reference: Math.sin,
  derivative: Math.cos,
};
