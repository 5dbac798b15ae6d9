import type { OpCases } from "../testing/cases.ts";
import { hardswish } from "./hardswish.ts";

export const cases: OpCases = {
  name: "hardswish",
  run: hardswish,
  samples: [{ args: () => [[-4, -1, 0.5, 3.5]], expect: [0, -0.3333333333333333, 0.2916666666666667, 3.5] }],
  reference: (x) => (x <= -3 ? 0 : (x * Math.min(x + 3, 6)) / 6),
  domain: [-5, 5],
  kinks: [-3, 3],
};
