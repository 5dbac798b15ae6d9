import type { OpCases } from "../testing/cases.ts";
import { sinh } from "./sinh.ts";

export const cases: OpCases = {
  name: "sinh",
  run: sinh,
  samples: [
    {
      args: () => [[-2, 9.313225746154785e-10, 0.5, 3]],
      expect: [-3.6268604078470186, 9.313225746154785e-10, 0.5210953054937474, 10.017874927409903],
    },
  ],
  reference: Math.sinh,
  derivative: Math.cosh,
};
