import type { OpCases } from "../testing/cases.ts";
import { atan2 } from "./atan2.ts";

export const cases: OpCases = {
  name: "atan2",
  run: atan2,
  samples: [
    {
      args: () => [
        [1, -1, 0.5],
        [1, -1, -2],
      ],
      expect: [Math.PI / 4, (-3 * Math.PI) / 4, Math.atan2(0.5, -2)],
    },
  ],
  reference: Math.atan2,
};
