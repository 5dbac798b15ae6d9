import type { OpCases } from "../testing/cases.ts";
import { isfinite, isinf, isnan } from "./is-nan.ts";

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: low } = Number;
const gradient = "truth values are steps";

export const cases: OpCases[] = [
  {
    name: "isnan",
    run: isnan,
    samples: [{ args: () => [[nan, 0, inf, low]], expect: [true, false, false, false] }],
    gradient,
  },
  {
    name: "isinf",
    run: isinf,
    samples: [{ args: () => [[nan, 0, inf, low]], expect: [false, false, true, true] }],
    gradient,
  },
  {
    name: "isfinite",
    run: isfinite,
    samples: [{ args: () => [[nan, 0, inf, low]], expect: [false, true, false, false] }],
    gradient,
  },
];
