import type { OpCases } from "../testing/cases.ts";
import { log } from "./log.ts";

export const cases: OpCases = {
  name: "log",
  run: log,
  samples: [{ args: () => [[0.25, 1, 2, 10]], expect: [-1.3862943611198906, 0, Math.LN2, Math.LN10] }],
  reference: Math.log,
  derivative: (x) => (x < 0 ? Number.NaN : 1 / Math.abs(x)),
  domain: [0.1, 5],
};
