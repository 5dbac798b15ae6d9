import { DTypeError, IndexOutOfRangeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { softmax } from "./softmax.ts";

export const softmaxCases: OpCases = {
  name: "softmax",
  run: softmax,
  tolerance: { float32: 2.4e-7 },
  samples: [
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        1,
      ],
      expect: [
        [0.17682018210744427, 0.03072674032643643, 0.7924530775661193],
        [0.880594387980004, 0.09281396564662192, 0.026591646373374078],
      ],
    },
    {
      args: () => [
        [
          [0.5, -1.25, 2],
          [3, 0.75, -0.5],
        ],
        0,
      ],
      expect: [
        [0.07585818002124356, 0.11920292202211755, 0.9241418199787566],
        [0.9241418199787566, 0.8807970779778823, 0.07585818002124356],
      ],
    },
    {
      args: () => [
        [
          [
            [1, 2],
            [3, -4],
          ],
          [
            [0.5, 6],
            [-7, 8],
          ],
          [
            [9, 1.5],
            [2, -1],
          ],
        ],
        1,
      ],
      expect: [
        [
          [0.11920292202211755, 0.9975273768433653],
          [0.8807970779778823, 0.0024726231566347748],
        ],
        [
          [0.9994472213630764, 0.11920292202211755],
          [0.0005527786369235996, 0.8807970779778823],
        ],
        [
          [0.9990889488055994, 0.9241418199787566],
          [0.0009110511944006454, 0.07585818002124356],
        ],
      ],
    },
    {
      name: "no overflow",
      args: () => [[1000, 1000.5, -1000], 0],
      expect: [0.37754066879814546, 0.6224593312018546, 0],
    },
    { name: "a scalar", args: ({ tensor }) => [tensor(2.5), 0], expect: 1 },
    {
      name: "-infinity has probability 0",
      args: () => [[1, -Infinity, 2], 0],
      expect: [0.26894142136999516, 0, 0.7310585786300049],
      gradient: "finite differences meet infinity",
    },
    {
      name: "one +infinity takes it all",
      args: () => [[1, Infinity, 2], 0],
      expect: [0, 1, 0],
      gradient: "finite differences meet infinity",
      onnx: "onnxruntime gives NaN",
    },
  ],
  errors: [
    { args: () => [[1], 1], error: IndexOutOfRangeError, message: /softmax.*dim 1/ },
    { args: ({ index }) => [index([1, 2]), 0], error: DTypeError, message: /softmax.*floating.*int64/ },
  ],
};
