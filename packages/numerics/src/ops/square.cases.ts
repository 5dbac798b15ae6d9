import type { OpCases } from "../testing/cases.ts";
import { square } from "./square.ts";

export const cases: OpCases = {
  name: "square",
  run: square,
  samples: [{ args: () => [[-2, 0, 0.5, 3]], expect: [4, 0, 0.25, 9] }],
  reference: (x) => x * x,
  derivative: (x) => 2 * x,
};
