import type { OpCases } from "../testing/cases.ts";
import { copysign } from "./copysign.ts";

export const cases: OpCases = {
  name: "copysign",
  run: copysign,
  onnx: "ONNX cannot see the sign of a zero",
  samples: [
    {
      args: () => [
        [1, -2, 3],
        [-1, 5, -0],
      ],
      expect: [-1, 2, -3],
      grads: [
        [-1, -1, -1],
        [0, 0, 0],
      ],
      gradient: "a jump at -0",
    },
  ],
};
