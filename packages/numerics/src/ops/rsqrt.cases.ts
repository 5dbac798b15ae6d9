import type { OpCases } from "../testing/cases.ts";
import { rsqrt } from "./rsqrt.ts";

export const cases: OpCases = {
  name: "rsqrt",
  run: rsqrt,
  samples: [{ args: () => [[0.25, 1, 2, 9]], expect: [2, 1, Math.SQRT1_2, 0.3333333333333333] }],
  reference: (x) => 1 / Math.sqrt(x),
  derivative: (x) => -0.5 / (x * Math.sqrt(x)),
  domain: [0.1, 5],
};
