import type { OpCases } from "../testing/cases.ts";
import { softsign } from "./softsign.ts";

export const cases: OpCases = {
  name: "softsign",
  run: softsign,
  reference: (x) => (Number.isFinite(x) ? x / (1 + Math.abs(x)) : Math.sign(x)),
  kinks: [0],
  samples: [{ args: () => [[-1, 0, 3]], expect: [-0.5, 0, 0.75], gradient: "the second derivative jumps at 0" }],
};
