import type { OpCases } from "../testing/cases.ts";
import { lerp } from "./lerp.ts";

export const cases: OpCases = {
  name: "lerp",
  run: lerp,
  samples: [
    { args: () => [[1, 2], [3, 6], 0.25], expect: [1.5, 3] },
    {
      args: () => [[[1, 2]], [3, 6], [[0.5], [1]]],
      expect: [
        [2, 4],
        [3, 6],
      ],
    },
  ],
};
