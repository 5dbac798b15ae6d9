import type { OpCases } from "../testing/cases.ts";
import { asinh } from "./asinh.ts";

export const cases: OpCases = {
  name: "asinh",
  run: asinh,
  samples: [
    {
      args: () => [[-2, 9.313225746154785e-10, 0.5, 30]],
      expect: [-1.4436354751788103, 9.313225746154785e-10, 0.48121182505960347, 4.09462222433053],
    },
  ],
  reference: Math.asinh,
  derivative: (x) => 1 / Math.hypot(x, 1),
};
