import type { OpCases } from "../testing/cases.ts";
import { erfinv } from "./erfinv.ts";

export const cases: OpCases = {
  name: "erfinv",
  run: erfinv,
  samples: [
    {
      args: () => [[-0.875, -0.5, 9.313225746154785e-10, 0.25, 0.75]],
      expect: [-1.0847870400692832, -0.4769362762044699, 8.253631419062224e-10, 0.2253120550121781, 0.8134198475976185],
      grads: [[2.874793037400603, 1.1125848189719498, 0.886226925452758, 0.9323782346059726, 1.7174997693674523]],
    },
  ],
};
