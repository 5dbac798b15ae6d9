import type { OpCases } from "../testing/cases.ts";
import { cbrt } from "./cbrt.ts";

export const cases: OpCases = {
  name: "cbrt",
  run: cbrt,
  samples: [{ args: () => [[-8, 0.25, 3, 27]], expect: [-2, 0.6299605249474366, 1.4422495703074083, 3] }],
  reference: Math.cbrt,
  derivative: (x) => 1 / (3 * Math.cbrt(x) ** 2),
  domain: [0.2, 5],
};
