import type { OpCases } from "../testing/cases.ts";
import { cosh } from "./cosh.ts";

export const cases: OpCases = {
  name: "cosh",
  run: cosh,
  samples: [{ args: () => [[-2, 0, 0.5, 3]], expect: [3.7621956910836314, 1, 1.1276259652063807, 10.067661995777765] }],
  reference: Math.cosh,
  derivative: Math.sinh,
};
