import type { OpCases } from "../testing/cases.ts";
import { hypot } from "./hypot.ts";

export const cases: OpCases = {
  name: "hypot",
  run: hypot,
  samples: [
    {
      args: () => [
        [3, -5, 0],
        [4, 12, 2],
      ],
      expect: [5, 13, 2],
      grads: [
        [0.6, -5 / 13, 0],
        [0.8, 12 / 13, 1],
      ],
    },
    {
      name: "no overflow",
      args: () => [[3e30], [4e30]],
      expect: [5e30],
      onnx: "its squares overflow",
      gradient: "steps are lost in 3e30",
    },
  ],
  reference: (a, b) => Math.hypot(a, b),
};
