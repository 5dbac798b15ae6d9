import { DTypeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { logSoftmax } from "./log-softmax.ts";

export const logSoftmaxCases: OpCases = {
  name: "logSoftmax",
  run: logSoftmax,
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
        [-1.7326219831020326, -3.4826219831020326, -0.23262198310203266],
        [-0.12715815863104757, -2.3771581586310475, -3.6271581586310475],
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
        [-2.5788897342925496, -2.1269280110429727, -0.07888973429254957],
        [-0.07888973429254957, -0.1269280110429726, -2.5788897342925496],
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
          [-2.1269280110429727, -0.002475685137730357],
          [-0.1269280110429726, -6.00247568513773],
        ],
        [
          [-0.0005529314753607456, -2.1269280110429727],
          [-7.500552931475361, -0.1269280110429726],
        ],
        [
          [-0.0009114664537742015, -0.07888973429254957],
          [-7.000911466453775, -2.5788897342925496],
        ],
      ],
    },
    {
      name: "a confident winner keeps its small logarithm",
      args: () => [[20, 0], 0],
      expect: [-2.061153620314381e-9, -20.000000002061153],
      onnx: "onnxruntime gives 0",
    },
    {
      name: "-infinity",
      args: () => [[1, -Infinity], 0],
      expect: [0, Number.NEGATIVE_INFINITY],
      gradient: "finite differences meet infinity",
    },
  ],
  errors: [{ args: ({ index }) => [index([1, 2]), 0], error: DTypeError, message: /logSoftmax.*floating.*int64/ }],
};
