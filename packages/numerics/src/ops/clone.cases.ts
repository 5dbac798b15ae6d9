import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { clone } from "./clone.ts";
import { contiguous } from "./contiguous.ts";
import { detach } from "./detach.ts";
import { mul } from "./mul.ts";
import { t } from "./permute.ts";

export const cloneCases: OpCases = {
  name: "clone",
  run: clone,
  samples: [
    {
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      expect: [
        [1, 2],
        [3, 4],
      ],
    },
    { name: "bool", args: ({ bool }) => [bool([1, 0])], expect: [true, false], dtypes: ["bool"] },
  ],
};

export const contiguousCases: OpCases = {
  name: "contiguous",
  run: (x: Tensor) => contiguous(t(x)),
  samples: [
    {
      args: () => [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
      expect: [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    },
  ],
};

export const detachCases: OpCases = {
  name: "detach",
  run: (x: Tensor) => mul(x, detach(x)),
  gradient: "it hides a path from differentiation, which differences see",
  samples: [{ args: () => [[2, -3]], expect: [4, 9], grads: [[2, -3]] }],
};
