import type { OpCases } from "../testing/cases.ts";
import { nanToNum } from "./nan-to-num.ts";

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: low } = Number;

export const cases: OpCases = {
  name: "nanToNum",
  run: nanToNum,
  samples: [
    {
      args: () => [[nan, inf, low, 2], { nan: 1, posinf: 5, neginf: -5 }],
      expect: [1, 5, -5, 2],
      grads: [[0, 0, 0, 1]],
      gradient: "infinite",
    },
    { args: () => [[nan, 2]], expect: [0, 2], gradient: "NaN" },
    { args: () => [[1, 2]], expect: [1, 2], dtypes: ["int32"] },
  ],
};
