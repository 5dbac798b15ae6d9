import type { OpCases } from "../testing/cases.ts";
import { nanmean, nansum } from "./nansum.ts";

export const nansumCases: OpCases = {
  name: "nansum",
  run: nansum,
  samples: [
    {
      args: () => [
        [
          [1, Number.NaN, 3],
          [Number.NaN, Number.NaN, -2.5],
        ],
      ],
      expect: 1.5,
      gradient: "finite differences meet NaN",
      grads: [
        [
          [1, 0, 1],
          [0, 0, 1],
        ],
      ],
    },
    {
      args: () => [
        [
          [1, Number.NaN, 3],
          [Number.NaN, Number.NaN, -2.5],
        ],
        0,
      ],
      expect: [1, 0, 0.5],
      gradient: "finite differences meet NaN",
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [1.25, 3.25],
    },
  ],
};

export const nanmeanCases: OpCases = {
  name: "nanmean",
  run: nanmean,
  samples: [
    {
      args: () => [
        [
          [1, Number.NaN, 3],
          [Number.NaN, Number.NaN, -2.5],
        ],
      ],
      expect: 0.5,
      gradient: "finite differences meet NaN",
    },
    {
      args: () => [
        [
          [1, Number.NaN, 3],
          [Number.NaN, Number.NaN, -2.5],
        ],
        0,
      ],
      expect: [1, Number.NaN, 0.25],
      gradient: "finite differences meet NaN",
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [0.4166666666666667, 1.0833333333333333],
    },
  ],
};
