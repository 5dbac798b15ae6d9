import type { OpCases } from "../testing/cases.ts";
import { floor } from "./floor.ts";

export const cases: OpCases = {
  name: "floor",
  run: floor,
  samples: [{ args: () => [[-1.5, -0.25, 0.5, 2.75]], expect: [-2, -1, 0, 2] }],
  reference: Math.floor,
  kinks: [-3, -2, -1, 0, 1, 2, 3],
};
