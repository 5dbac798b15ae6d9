import { DTypeError } from "../errors.ts";
import type { OpCases } from "../testing/cases.ts";
import { to } from "./to.ts";

export const cases: OpCases = {
  name: "to",
  run: to,
  samples: [
    { name: "to float64", args: () => [[0.5, -2], "float64"], expect: [0.5, -2], resultDType: "float64" },
    {
      name: "to float32",
      args: () => [[0.5, -2], "float32"],
      expect: [0.5, -2],
      resultDType: "float32",
      gradient: "rounds",
    },
    {
      name: "to int32 truncates",
      args: () => [[1.9, -1.9, 0], "int32"],
      expect: [1, -1, 0],
      resultDType: "int32",
    },
    {
      name: "to bool is not zero",
      args: () => [[0, -0, 0.5, Number.NaN], "bool"],
      gradient: "truth values are steps",
      expect: [false, false, true, true],
    },
    {
      name: "integers to float",
      args: () => [[1, 255], "float32"],
      expect: [1, 255],
      dtypes: ["uint8", "int64"],
      resultDType: "float32",
    },
    { name: "int64 to uint8 wraps", args: () => [[256, 258], "uint8"], expect: [0, 2], dtypes: ["int64", "int32"] },
    {
      name: "float16 rounds",
      args: () => [[1.0001, 65504], "float16"],
      expect: [1, 65504],
      resultDType: "float16",
      gradient: "rounds",
    },
  ],
  errors: [{ args: () => [[1], "float"], error: DTypeError, message: /to: no such element type.*"float"/ }],
};
