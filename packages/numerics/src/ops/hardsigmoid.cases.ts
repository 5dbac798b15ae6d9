import type { OpCases } from "../testing/cases.ts";
import { hardsigmoid } from "./hardsigmoid.ts";

export const cases: OpCases = {
  name: "hardsigmoid",
  run: hardsigmoid,
  samples: [{ args: () => [[-4, -1, 0.5, 3.5]], expect: [0, 0.3333333333333333, 0.5833333333333334, 1] }],
  reference: (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
  domain: [-5, 5],
  kinks: [-3, 3],
};
