import type { OpCases } from "../testing/cases.ts";
import { atan } from "./atan.ts";

export const cases: OpCases = {
  name: "atan",
  run: atan,
  samples: [
    { args: () => [[-2, 0, 0.5, 30]], expect: [-1.1071487177940904, 0, 0.4636476090008061, 1.5374753309166493] },
  ],
  reference: Math.atan,
  derivative: (x) => 1 / (1 + x * x),
};
