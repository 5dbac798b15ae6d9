import type { OpCases } from "../testing/cases.ts";
import { all, any, countNonzero } from "./any.ts";

export const anyCases: OpCases = {
  name: "any",
  run: any,
  gradient: "truth has no slope",
  samples: [
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
      ],
      expect: true,
      resultDType: "bool",
    },
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
        1,
      ],
      expect: [true, false],
      resultDType: "bool",
    },
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
        0,
        { keepdim: true },
      ],
      expect: [[true, false, false]],
      resultDType: "bool",
    },
    {
      name: "NaN is not 0",
      args: () => [[NaN, 0.5]],
      expect: true,
      resultDType: "bool",
      onnx: "casts of NaN are not defined",
    },
    { name: "bool", args: ({ bool }) => [bool([1, 1])], expect: true, dtypes: ["bool"], resultDType: "bool" },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0] })],
      expect: false,
      resultDType: "bool",
      onnx: "reductions of nothing differ",
    },
  ],
};

export const allCases: OpCases = {
  name: "all",
  run: all,
  gradient: "truth has no slope",
  samples: [
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
      ],
      expect: false,
      resultDType: "bool",
    },
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
        1,
      ],
      expect: [false, false],
      resultDType: "bool",
    },
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
        0,
        { keepdim: true },
      ],
      expect: [[false, false, false]],
      resultDType: "bool",
    },
    {
      name: "NaN is not 0",
      args: () => [[NaN, 0.5]],
      expect: true,
      resultDType: "bool",
      onnx: "casts of NaN are not defined",
    },
    { name: "bool", args: ({ bool }) => [bool([1, 1])], expect: true, dtypes: ["bool"], resultDType: "bool" },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0] })],
      expect: true,
      resultDType: "bool",
      onnx: "reductions of nothing differ",
    },
  ],
};

export const countNonzeroCases: OpCases = {
  name: "countNonzero",
  run: countNonzero,
  gradient: "a number of elements moves in jumps",
  samples: [
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
      ],
      expect: 1,
      resultDType: "int64",
    },
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
        1,
      ],
      expect: [1, 0],
      resultDType: "int64",
    },
    {
      args: () => [
        [
          [1, 0, 0],
          [0, 0, 0],
        ],
        0,
        { keepdim: true },
      ],
      expect: [[1, 0, 0]],
      resultDType: "int64",
    },
    {
      name: "NaN is not 0",
      args: () => [[NaN, 0.5]],
      expect: 2,
      resultDType: "int64",
      onnx: "casts of NaN are not defined",
    },
    { name: "bool", args: ({ bool }) => [bool([1, 1])], expect: 2, dtypes: ["bool"], resultDType: "int64" },
    {
      name: "nothing",
      args: ({ tensor }) => [tensor([], { shape: [0] })],
      expect: 0,
      resultDType: "int64",
      onnx: "reductions of nothing differ",
    },
  ],
};
