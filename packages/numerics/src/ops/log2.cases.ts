import type { OpCases } from "../testing/cases.ts";
import { log2 } from "./log2.ts";

export const cases: OpCases = {
  name: "log2",
  run: log2,
  samples: [{ args: () => [[0.25, 1, 3, 8]], expect: [-2, 0, 1.584962500721156, 3] }],
  reference: Math.log2,
  derivative: (x) => (x < 0 ? Number.NaN : Math.LOG2E / Math.abs(x)),
  domain: [0.1, 5],
};
