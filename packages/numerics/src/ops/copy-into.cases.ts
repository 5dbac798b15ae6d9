import { ones } from "../create.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { clone } from "./clone.ts";
import { copy_, fill_, zero_ } from "./copy-into.ts";
import { mul } from "./mul.ts";

export const copyCases: OpCases = {
  name: "copy_",
  // Into a copy: a leaf that requires grad is refused.
  run: (x: Tensor, source: Tensor) => copy_(mul(x, 1), source),
  samples: [
    {
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
      expect: [
        [5, 6],
        [7, 8],
      ],
    },
    {
      name: "broadcast",
      args: () => [
        [
          [1, 2],
          [3, 4],
        ],
        [5, 6],
      ],
      expect: [
        [5, 6],
        [5, 6],
      ],
      grads: [null, [2, 2]],
    },
  ],
  errors: [
    {
      args: ({ tensor }) => [tensor([1, 2]), tensor([1, 2, 3])],
      error: ShapeError,
      message: /only sizes of 1 can be expanded/,
    },
  ],
};

export const leafCases: OpCases = {
  name: "copy_ into a leaf",
  run: copy_,
  gradient: "writes in place",
  onnx: "writes in place",
  samples: [],
  errors: [
    {
      args: () => [ones([2], { requiresGrad: true }), [1, 2]],
      error: ArgumentError,
      message: /copy_: a leaf that requires grad cannot be changed in place.*noGrad/,
    },
  ],
};

export const fillCases: OpCases = {
  name: "fill_",
  run: (x: Tensor) => fill_(clone(x), 2.5),
  samples: [
    { args: () => [[1, 2]], expect: [2.5, 2.5], grads: [null] },
    { name: "float64 keeps its digits", args: () => [[1]], expect: [2.5], dtypes: ["float64"] },
  ],
};

export const zeroCases: OpCases = {
  name: "zero_",
  run: (x: Tensor) => zero_(clone(x)),
  samples: [
    { args: () => [[[1, 2]]], expect: [[0, 0]] },
    { name: "integers", args: () => [[1, 2]], expect: [0, 0], dtypes: ["int64", "int32"] },
  ],
};
