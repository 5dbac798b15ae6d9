import { ShapeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { bmm } from "./bmm.ts";
import { dot, vdot } from "./dot.ts";
import { random, summedProducts } from "./matmul.cases.ts";
import { mm } from "./mm.ts";
import { mul } from "./mul.ts";
import { mv } from "./mv.ts";
import { outer } from "./outer.ts";
import { unsqueeze } from "./squeeze.ts";

const rank = (op: string) => new RegExp(`${op}: wrong number of dimensions`);
const tolerance = { float32: { relative: 1e-6, absolute: 1e-6 }, float64: { relative: 1e-14, absolute: 1e-14 } };
const common = { composed: summedProducts, tolerance };

export const mmCases: OpCases = {
  name: "mm",
  run: mm,
  ...common,
  samples: [
    { args: (make) => [random(make, 1, [3, 4]), random(make, 2, [4, 5])] },
    { args: (make) => [random(make, 1, [3, 0]), random(make, 2, [0, 5])] },
  ],
  errors: [{ args: ({ tensor }) => [tensor([1]), tensor([[1]])], error: ShapeError, message: rank("mm") }],
};

export const bmmCases: OpCases = {
  name: "bmm",
  run: bmm,
  ...common,
  samples: [
    { args: (make) => [random(make, 1, [2, 3, 4]), random(make, 2, [2, 4, 5])] },
    { args: (make) => [random(make, 1, [0, 2, 3]), random(make, 2, [0, 3, 2])] },
  ],
  errors: [
    { args: ({ tensor }) => [tensor([[1]]), tensor([[1]])], error: ShapeError, message: rank("bmm") },
    {
      args: ({ tensor }) => [tensor([[[1]]]), tensor([[[1]], [[1]]])],
      error: ShapeError,
      message: /bmm: batch sizes differ\. Received \[1, 1, 1\] and \[2, 1, 1\]/,
    },
  ],
};

export const mvCases: OpCases = {
  name: "mv",
  run: mv,
  ...common,
  samples: [
    { args: (make) => [random(make, 1, [3, 4]), random(make, 2, [4])] },
    { args: (make) => [random(make, 1, [70, 33]), random(make, 2, [33])] },
  ],
  errors: [{ args: ({ tensor }) => [tensor([[1]]), tensor([[1]])], error: ShapeError, message: rank("mv") }],
};

export const dotCases: OpCases[] = [dot, vdot].map((run) => ({
  name: run.name,
  run,
  ...common,
  samples: [
    {
      args: () => [
        [1, 2, 3],
        [4, 5, 6],
      ],
      expect: 32,
      grads: [
        [4, 5, 6],
        [1, 2, 3],
      ],
    },
  ],
  errors: [{ args: ({ tensor }) => [tensor([[1]]), tensor([1])], error: ShapeError, message: rank("dot") }],
}));

export const outerCases: OpCases = {
  name: "outer",
  run: outer,
  composed: (a, b) => mul(unsqueeze(a, 1), unsqueeze(b, 0)),
  samples: [
    {
      args: () => [
        [1, 2],
        [3, 4, 5],
      ],
      expect: [
        [3, 4, 5],
        [6, 8, 10],
      ],
    },
  ],
  errors: [{ args: ({ tensor }) => [tensor(1), tensor([1])], error: ShapeError, message: rank("outer") }],
};
