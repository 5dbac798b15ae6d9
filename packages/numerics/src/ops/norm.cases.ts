import type { OpCases } from "../testing/cases.ts";
import { norm } from "./norm.ts";

export const normCases: OpCases = {
  name: "norm",
  run: norm,
  tolerance: { float32: 2e-7 },
  samples: [
    {
      name: "p below 1 at an element of 0",
      args: () => [[4, 0, -9], 0, { p: 0.5 }],
      expect: 25,
      grads: [[2.5, 0, -1.6666666666666667]],
      gradient: "infinitely steep",
    },
    {
      args: () => [
        [
          [3, -4, 0],
          [0.5, 1, 2],
        ],
      ],
      expect: 5.5,
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [2.4109126902482387, 3.132491021535417],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        { p: 1 },
      ],
      expect: [3.75, 4.25],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        { p: Number.POSITIVE_INFINITY, keepdim: true },
      ],
      expect: [[3, 1.25, 2]],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
        { p: Number.NEGATIVE_INFINITY },
      ],
      expect: [0.5, 0.75, 0.5],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
        { p: 3 },
      ],
      expect: [2.160030649427922, 3.02011939793723],
    },
    {
      args: () => [
        [
          [3, -4, 0],
          [0.5, 1, 2],
        ],
        1,
        { p: 0 },
      ],
      expect: [2, 3],
      gradient: "a number of elements",
      onnx: "zero to the power of zero",
    },
    { name: "of nothing but zeros: gradient 0", args: () => [[0, 0]], expect: 0, gradient: "a kink", grads: [[0, 0]] },
    {
      name: "no overflow before the result",
      args: ({ tensor }) => [tensor([3e200, 4e200])],
      expect: 5e200,
      dtypes: ["float64"],
      gradient: "finite differences overflow",
      onnx: "onnxruntime overflows",
    },
    {
      name: "no overflow in float32",
      args: ({ tensor }) => [tensor([3e30, 4e30])],
      expect: 5e30,
      dtypes: ["float32"],
      onnx: "onnxruntime overflows",
    },
  ],
};
