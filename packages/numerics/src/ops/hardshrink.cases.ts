import type { OpCases } from "../testing/cases.ts";
import { hardshrink } from "./hardshrink.ts";

export const cases: OpCases = {
  name: "hardshrink",
  run: hardshrink,
  reference: (x) => (x >= -0.5 && x <= 0.5 ? 0 : x),
  kinks: [-0.5, 0.5, -1.5, 1.5],
  samples: [
    { args: () => [[-1, 0.3, 2]], expect: [-1, 0, 2] },
    {
      name: "another bound",
      args: () => [[-1, 0.3, 2], { lambd: 1.5 }],
      expect: [0, 0, 2],
      reference: (x) => (x >= -1.5 && x <= 1.5 ? 0 : x),
    },
  ],
};
