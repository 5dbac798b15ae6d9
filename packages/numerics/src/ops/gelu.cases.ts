import { ArgumentError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import type { OpCases } from "../testing/cases.ts";
import { erfc } from "./erfc.ts";
import { gelu } from "./gelu.ts";
import { mul } from "./mul.ts";

export const cases: OpCases = {
  name: "gelu",
  run: gelu,
  samples: [
    {
      args: () => [[-10, -1, 0, 0.5, 3]],
      expect: [-7.619853024160526e-23, -0.15865525393145705, 0, 0.34573123063700656, 2.99595030590511],
      grads: [[-7.618400096464814e-22, -0.0833154705876863, 0.5, 0.8674951246561629, 1.011945647204184]],
      composed: (x: Tensor) => mul(mul(x, 0.5), erfc(mul(x, -Math.SQRT1_2))),
    },
    {
      args: () => [[-10, -1, 0, 0.5, 3], { approximate: "tanh" }],
      expect: [-1.204092348209806e-37, -0.1588080093917233, 0, 0.34571400982514394, 2.996362607918227],
    },
    {
      name: "limits",
      args: () => [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
      expect: [0, Number.POSITIVE_INFINITY],
      gradient: "infinite",
      onnx: "ONNX multiplies infinity by 0",
    },
  ],
  errors: [
    { args: () => [[1], { approximate: "none " }], error: ArgumentError, message: /no such approximation.*"none "/ },
  ],
};
