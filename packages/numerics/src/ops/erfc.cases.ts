import type { OpCases } from "../testing/cases.ts";
import { erfc } from "./erfc.ts";

export const cases: OpCases = {
  name: "erfc",
  run: erfc,
  samples: [
    {
      args: () => [[-3, -0.5, 0, 2, 9]],
      expect: [1.9999779095030015, 1.5204998778130465, 1, 0.004677734981047266, 4.13703174651381e-37],
      grads: [
        [
          -0.00013925305194674786, -0.8787825789354448, -1.1283791670955126, -0.020666985354092053,
          -7.492073428245974e-36,
        ],
      ],
    },
  ],
  tolerance: { float64: 1e-13, onnx: { absolute: 1e-6, relative: 1e-5 } },
};
