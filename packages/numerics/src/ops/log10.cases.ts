import type { OpCases } from "../testing/cases.ts";
import { log10 } from "./log10.ts";

export const cases: OpCases = {
  name: "log10",
  run: log10,
  samples: [{ args: () => [[0.125, 1, 3, 1000]], expect: [-0.9030899869919435, 0, 0.47712125471966244, 3] }],
  reference: Math.log10,
  derivative: (x) => (x < 0 ? Number.NaN : Math.LOG10E / Math.abs(x)),
  domain: [0.1, 5],
};
