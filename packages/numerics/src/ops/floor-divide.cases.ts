import { ArgumentError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { floorDivide } from "./floor-divide.ts";

export const cases: OpCases = {
  name: "floorDivide",
  run: floorDivide,
  samples: [
    {
      args: () => [
        [7, -7, 5.5],
        [2, 2, -2],
      ],
      expect: [3, -4, -3],
      grads: [
        [0, 0, 0],
        [0, 0, 0],
      ],
    },
    {
      args: () => [
        [7, -7, 5],
        [2, 2, -3],
      ],
      expect: [3, -4, -2],
      dtypes: ["int32", "int64"],
      onnx: "floor takes floating numbers",
    },
  ],
  errors: [{ args: ({ index }) => [index([1]), 0], error: ArgumentError, message: /floorDivide: .*divided by zero/ }],
};
