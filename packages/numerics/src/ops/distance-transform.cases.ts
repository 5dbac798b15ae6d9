import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { distanceTransform } from "./distance-transform.ts";

const INF = Number.POSITIVE_INFINITY;
const DIAGONAL = Math.SQRT2;

export const distanceTransformCases: OpCases = {
  name: "distanceTransform",
  run: distanceTransform,
  gradient: "it only asks which elements are 0",
  onnx: "ONNX has no distance transform",
  samples: [
    {
      name: "a line",
      args: ({ bool }) => [bool([0, 1, 1, 1, 1, 0, 1])],
      expect: [0, 1, 2, 2, 1, 0, 1],
      resultDType: "float32",
    },
    {
      name: "a plane",
      args: ({ bool }) => [
        bool([
          [1, 1, 1],
          [1, 0, 1],
          [1, 1, 1],
          [1, 1, 1],
        ]),
      ],
      expect: [
        [DIAGONAL, 1, DIAGONAL],
        [1, 0, 1],
        [DIAGONAL, 1, DIAGONAL],
        [Math.sqrt(5), 2, Math.sqrt(5)],
      ],
      resultDType: "float32",
      tolerance: { float64: 1e-7 },
    },
    {
      name: "images of their own",
      args: ({ bool }) => [
        bool([
          [0, 1, 1],
          [1, 1, 1],
        ]),
        { spatialDims: 1, dtype: "float64" },
      ],
      expect: [
        [0, 1, 2],
        [INF, INF, INF],
      ],
      resultDType: "float64",
    },
    {
      name: "spacing",
      args: ({ bool }) => [
        bool([
          [0, 1],
          [1, 1],
        ]),
        { spacing: [3, 0.5], dtype: "float64" },
      ],
      expect: [
        [0, 0.5],
        [3, Math.sqrt(9.25)],
      ],
      resultDType: "float64",
    },
    {
      name: "numbers other than 0",
      args: ({ index }) => [index([[5, -1, 0]])],
      expect: [[2, 1, 0]],
      resultDType: "float32",
    },
    {
      name: "no spatial dimension",
      args: ({ bool }) => [bool([1, 0]), { spatialDims: 0 }],
      expect: [INF, 0],
      resultDType: "float32",
    },
    {
      name: "empty",
      args: ({ tensor }) => [tensor([], { shape: [0, 3], dtype: "float32" })],
      shape: [0, 3],
      resultDType: "float32",
    },
  ],
  errors: [
    {
      args: () => [[1, 0], { spacing: 0 }],
      error: ArgumentError,
      message: /distanceTransform: spacing must be above 0, one number for each spatial dimension.*0/,
    },
    {
      args: () => [[1, 0], { spacing: [1, 1] }],
      error: ArgumentError,
      message: /distanceTransform: spacing must be above 0.*\[1,1\].*1 numbers, or one/,
    },
    {
      args: () => [[1, 0], { spatialDims: 2 }],
      error: ArgumentError,
      message: /distanceTransform: spatialDims must be a number of dimensions that there are.*2 for \[2\]/,
    },
  ],
};
