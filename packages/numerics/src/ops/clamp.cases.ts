import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { clamp, hardtanh, relu6 } from "./clamp.ts";

export const cases: readonly OpCases[] = [
  {
    name: "clamp",
    run: clamp,
    samples: [
      {
        args: () => [[-2, -1, 0, 3], { min: -1, max: 1 }],
        expect: [-1, -1, 0, 1],
        grads: [[0, 1, 1, 0]],
        gradient: "kink at -1",
      },
    ],
    reference: (x) => Math.min(Math.max(x, -1), 1),
    extra: [{ min: -1, max: 1 }],
    kinks: [-1, 1],
  },
  {
    name: "clamp",
    run: clamp,
    samples: [
      { args: () => [[-2, 0.5], { min: 0 }], expect: [0, 0.5] },
      { args: () => [[-2, 0.5], { max: 0 }], expect: [-2, 0] },
      { name: "bounds the wrong way round", args: () => [[-2, 0.5], { min: 1, max: 0 }], expect: [0, 0] },
      {
        name: "tensors as bounds",
        args: ({ tensor }) => [tensor([-2, 0.5, 3]), { min: tensor([-1, 0, 1]), max: tensor([0, 1, 2]) }],
        expect: [-1, 0.5, 2],
        grads: [
          [0, 1, 0],
          [1, 0, 0],
          [0, 0, 1],
        ],
      },
      { args: () => [[-2, 5, 9], { min: 0, max: 7 }], expect: [0, 5, 7], dtypes: ["int32", "int64"] },
    ],
    errors: [{ args: () => [[1], {}], error: ArgumentError, message: /needs a bound/ }],
  },
  {
    name: "hardtanh",
    run: hardtanh,
    samples: [
      { args: () => [[-2, -1, 0, 3]], expect: [-1, -1, 0, 1], grads: [[0, 0, 1, 0]], gradient: "kink at -1" },
      {
        args: () => [[-2, 0.5, 3], { minVal: 0, maxVal: 2 }],
        expect: [0, 0.5, 2],
        reference: (x) => Math.min(Math.max(x, 0), 2),
      },
    ],
    reference: (x) => Math.min(Math.max(x, -1), 1),
    kinks: [-1, 1],
  },
  {
    name: "relu6",
    run: relu6,
    samples: [{ args: () => [[-2, 0.5, 7]], expect: [0, 0.5, 6], grads: [[0, 1, 0]] }],
    reference: (x) => Math.min(Math.max(x, 0), 6),
    kinks: [0, 6],
  },
];
