import { ArgumentError, IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { oneHot } from "./one-hot.ts";

export const oneHotCases: OpCases = {
  name: "oneHot",
  run: oneHot,
  gradient: "its input is a class",
  samples: [
    {
      args: ({ index }) => [index([0, 2])],
      onnx: "the number of classes would follow from the values",
      expect: [
        [1, 0, 0],
        [0, 0, 1],
      ],
      resultDType: "int64",
    },
    {
      args: ({ index }) => [index([[1], [0]]), { numClasses: 3 }],
      expect: [[[0, 1, 0]], [[1, 0, 0]]],
      resultDType: "int64",
    },
  ],
  errors: [
    {
      args: ({ index }) => [index([3]), { numClasses: 3 }],
      error: IndexOutOfRangeError,
      message: /oneHot: index out of range. Received 3/,
    },
    { args: ({ index }) => [index([]), {}], error: ArgumentError, message: /numClasses must be a whole number/ },
  ],
};
