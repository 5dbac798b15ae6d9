import type { OpCases } from "../testing/cases.ts";
import { sign } from "./sign.ts";

export const cases: OpCases = {
  name: "sign",
  run: sign,
  samples: [{ args: () => [[-2, -0.25, 0.5, 3]], expect: [-1, -1, 1, 1] }],
  reference: (x) => (Number.isNaN(x) ? 0 : Math.sign(x)),
  kinks: [0],
};
