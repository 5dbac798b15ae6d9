import type { OpCases } from "../testing/cases.ts";
import { ceil } from "./ceil.ts";

export const cases: OpCases = {
  name: "ceil",
  run: ceil,
  samples: [{ args: () => [[-1.5, -0.25, 0.5, 2.75]], expect: [-1, 0, 1, 3] }],
  reference: Math.ceil,
  kinks: [-3, -2, -1, 0, 1, 2, 3],
};
