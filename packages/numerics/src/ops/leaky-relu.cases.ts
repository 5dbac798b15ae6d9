import type { OpCases } from "../testing/cases.ts";
import { leakyRelu } from "./leaky-relu.ts";

export const cases: OpCases = {
  name: "leakyRelu",
  run: leakyRelu,
  samples: [{ args: () => [[-2, -0.25, 0.5, 3]], expect: [-0.02, -0.0025, 0.5, 3] }],
  reference: (x) => (x > 0 ? x : 0.01 * x),
  kinks: [0],
};
